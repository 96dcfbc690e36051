// Bundles the extension, and the script of the graph's webview, into out/.
import { build, context } from 'esbuild';

const common = { bundle: true, minify: true, sourcemap: false, logLevel: 'warning', outdir: 'out' };
const bundles = [
  { ...common, entryPoints: ['src/extension.ts'], platform: 'node', format: 'cjs', target: 'node18', external: ['vscode'] },
  { ...common, entryPoints: ['src/graphView.ts'], platform: 'browser', format: 'iife', target: 'es2022' },
];

if (process.argv.includes('--watch')) {
  await Promise.all(bundles.map(async (bundle) => (await context({ ...bundle, logLevel: 'info' })).watch()));
} else {
  await Promise.all(bundles.map((bundle) => build(bundle)));
}
