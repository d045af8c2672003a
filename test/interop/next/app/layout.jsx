import 'meshes-workspace/styles.css';

export const metadata = {title: 'Workspace'};

export default function Layout({children}) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
