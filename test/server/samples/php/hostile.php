<?php
// Runs the PHP sample with rights and a clock that tests control by headers.

namespace Meshes {
    // The sample is in this namespace, so its calls of time() find this function first.
    function time(): int
    {
        return \time() + (int) ($_SERVER['HTTP_X_TEST_CLOCK'] ?? 0);
    }
}

namespace {
    function authorize()
    {
        $session = original_authorize();
        $grant = json_decode($_SERVER['HTTP_X_TEST_GRANT'] ?? '{}', true);
        return $session && is_array($grant) ? array_merge($session, $grant) : ($session ? $grant : null);
    }

    $code = str_replace('function authorize(', 'function original_authorize(', file_get_contents(__DIR__ . '/index.php'));
    // A declaration of types must be the first statement of a file.
    eval('?>' . str_replace('declare(strict_types=1);', '', $code));
}
