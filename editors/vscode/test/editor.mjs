// A VS Code of its own for a test: code-server on a port of this machine, and Chromium to look at it.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const folder = path.join(import.meta.dirname, '..');
const codeServer = path.join(process.env.NIXLINT_CODE_SERVER, 'node_modules', 'code-server', 'out', 'node', 'entry.js');

const settings = {
  'nixlint.server.path': process.env.NIXLINT_PROGRAM,
  '[nix]': { 'editor.formatOnSave': true },
  'chat.commandCenter.enabled': false,
  'editor.fontFamily': 'DejaVu Sans Mono',
  'editor.fontSize': 13,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.enableExperiments': false,
  'workbench.layoutControl.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** The editor with the example repository open, changed by prepare(read, write) before. */
export async function startEditor(prepare) {
  const temp = mkdtempSync(path.join(tmpdir(), 'nixlint-story-'));
  const repo = path.join(temp, 'machines');
  cpSync(path.join(folder, '..', '..', 'testdata', 'repos', 'example'), repo, { recursive: true });
  const read = (file) => readFileSync(path.join(repo, file), 'utf8');
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(repo, file)), { recursive: true });
    writeFileSync(path.join(repo, file), text);
  };
  prepare(read, write);

  const data = path.join(temp, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify(settings));

  const env = { ...process.env, HOME: temp, XDG_CONFIG_HOME: path.join(temp, 'config'), PCI_IDS: path.join(import.meta.dirname, 'pci.ids') };
  const dirs = ['--user-data-dir', data, '--extensions-dir', path.join(temp, 'extensions')];
  const install = spawnSync(process.execPath, [codeServer, ...dirs, '--install-extension', path.join(folder, 'nixlint.vsix')], { env, encoding: 'utf8' });
  if (install.status !== 0 || !install.stdout.includes('was successfully installed')) {
    throw new Error(`the extension is not installed: ${install.stdout}${install.stderr}`);
  }
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [codeServer, ...dirs, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  server.stdout.on('data', (text) => (log += text));
  server.stderr.on('data', (text) => (log += text));
  await until('code-server', () => log.includes('HTTP server listening'), 30_000, () => log);

  const context = await chromium.launchPersistentContext(path.join(temp, 'browser'), {
    executablePath: process.env.NIXLINT_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    headless: true,
    viewport: { width: 1200, height: 760 },
    colorScheme: 'light', // not that of the editor's theme: what follows the system instead is seen
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(30_000);
  await page.goto(`http://127.0.0.1:${port}/?folder=${repo}`);
  await page.locator('.monaco-workbench').waitFor();

  return {
    ...actions(page),
    page,
    repo,
    read,
    write,
    nixlint: (...args) => spawnSync(process.env.NIXLINT_PROGRAM, args, { cwd: repo, encoding: 'utf8' }),
    close: async () => {
      await context.close();
      server.kill();
      await new Promise((done) => server.once('exit', done));
      rmSync(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Waits until something is so. */
export async function until(what, check, ms = 20_000, tell = () => '') {
  const end = Date.now() + ms;
  for (;;) {
    const result = await check();
    if (result) {
      return result;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what} ${tell()}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

// What a person does.
function actions(page) {
  const input = page.locator('.quick-input-widget:visible input[type="text"]').first();

  /** Opens a file by its name. */
  const open = async (file) => {
    await page.keyboard.press('Control+KeyP');
    await input.fill(file);
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await until(`${file} in the list`, async () => {
      const label = await page.locator('.quick-input-list .monaco-list-row').first().getAttribute('aria-label');
      return file.split('/').every((part) => label?.includes(part));
    });
    await page.keyboard.press('Enter');
    await tab(path.basename(file));
    await editor().waitFor();
  };

  /** Waits until a file is the one in front. */
  const tab = (name) => page.locator(`.tab.active[data-resource-name="${name}"]`).first().waitFor();

  const editor = () => page.locator('.editor-instance .monaco-editor').first();

  /** Runs a command of the palette. */
  const command = async (title) => {
    await page.keyboard.press('F1');
    await input.fill(`>${title}`);
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await until(`the command ${title}`, async () => (await rows.first().getAttribute('aria-label').catch(() => ''))?.startsWith(title));
    await page.keyboard.press('Enter');
  };

  /** Puts the cursor in front of the column of a line, both counted from 1. */
  const go = async (line, column) => {
    await page.keyboard.press('Control+KeyG');
    await input.fill(`:${line}:${column}`);
    await page.keyboard.press('Enter');
    await until('the cursor', async () => (await page.locator('.statusbar-item', { hasText: /^Ln / }).innerText()).includes(`Ln ${line}, Col ${column}`));
  };

  /** Answers a question of the extension: its title has to contain what is expected. */
  const answer = async (title, act) => {
    await page.locator('.quick-input-title', { hasText: title }).waitFor();
    await act();
    await page.keyboard.press('Enter');
  };

  return { input, open, tab, editor, command, go, answer };
}
