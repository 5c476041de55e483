import { defineConfig } from 'vite';

/* The page and its files may lie anywhere, so that a build can be tried from any folder. */
export default defineConfig({
  base: './',
  build: { target: 'es2022' },
});
