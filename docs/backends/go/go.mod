module example.com/meshes-backend

go 1.19
