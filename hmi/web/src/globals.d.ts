// Filled in by Vite from package.json.
declare const __VERSION__: string;
