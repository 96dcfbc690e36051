// What a person does with the extension, in a real VS Code with a real nixlint: each step goes on from where the one
// before it ended. With NIXLINT_PICTURES set to a folder, pictures of the steps are put there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { startEditor, until } from './editor.mjs';

const host = 'hosts/toaster/default.nix';

test('the extension', { timeout: 480_000 }, async (t) => {
  let whole = '';
  const editor = await startEditor((read, write) => {
    whole = read(host);
    write(host, replace(whole, 'hardware.nvidia\n', 'hardware.nvidai\n'));
    write('hosts/toaster/hardware.json', readFileSync(path.join(import.meta.dirname, 'toaster.json'), 'utf8'));
  });
  t.after(() => editor.close());
  const { page, open, command, go, answer, read } = editor;
  const problems = page.locator('.markers-panel .monaco-list-row');
  const file = () => read(host);
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first(); // of the tree

  const picture = async (name) => {
    if (process.env.NIXLINT_PICTURES) {
      await page.screenshot({ path: path.join(process.env.NIXLINT_PICTURES, `${name}.png`) });
    }
  };
  let failed = false;
  const step = (name, act) =>
    t.test(name, { skip: failed }, async () => {
      try {
        await act();
      } catch (err) {
        failed = true;
        await picture('failed');
        throw err;
      }
    });

  const servers = () => spawnSync('pgrep', ['-f', `^${process.env.NIXLINT_PROGRAM} lsp`], { encoding: 'utf8' }).stdout;

  /** Saves the file and waits until it is as it should be on the disk. */
  const save = async (want) => {
    await page.keyboard.press('Control+KeyS');
    await until('the file on the disk', () => file() === want).catch(() => assert.equal(file(), want));
    await until('the file to be saved', async () => (await page.locator('.tab.active.dirty').count()) === 0);
  };
  const position = (text) => {
    const lines = file().split('\n');
    const line = lines.findIndex((l) => l.includes(text));
    assert.notEqual(line, -1, `${text} is not in the file`);
    return [line + 1, lines[line].indexOf(text) + 1];
  };

  await step('tells a wrong module path', async () => {
    await open(host);
    await page.locator('.statusbar-item', { hasText: /^Nix$/ }).waitFor();
    await command('View: Focus Problems');
    const problem = problems.filter({ hasText: 'modules.nixos.hardware.nvidai' }).first();
    await problem.waitFor();
    await problem.click();
    await until('the mistake', async () => (await page.locator('.squiggly-error').count()) > 0);
    await picture('problems');
  });

  await step('repairs it', async () => {
    await page.locator('.editor-instance .view-lines').first().click();
    const [line, column] = position('nvidai');
    await go(line, column);
    await page.keyboard.press('Control+Period');
    await page.locator('.action-widget .monaco-list-row.focused', { hasText: 'Replace `nvidai` by `nvidia`' }).waitFor();
    await picture('quickfix');
    await page.keyboard.press('Enter');
    await until('no problems', async () => (await problems.count()) === 0);
    await save(whole);
  });

  await step('completes a module', async () => {
    const [line] = position('modules.nixos.hardware.nvidia');
    await go(line, 1);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('modules.nixos.hardware.po', { delay: 30 });
    const item = page.locator('.suggest-widget .monaco-list-row', { hasText: 'power' });
    await item.waitFor();
    await picture('complete-module');
    await item.click();
    whole = replace(whole, 'hardware.nvidia\n', 'hardware.nvidia\n    modules.nixos.hardware.power\n');
    await save(whole);
  });

  await step('completes an option', async () => {
    const [line] = position('openssh.enable = true;');
    await go(line, 1);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('openssh.', { delay: 30 });
    const item = page.locator('.suggest-widget .monaco-list-row', { hasText: 'ports' });
    await item.waitFor();
    await picture('complete-option');
    await item.click();
    await until('the option', async () => (await page.locator('.view-line', { hasText: 'openssh.ports' }).count()) > 0);
  });

  await step('lays the file out when it is saved', async () => {
    await page.keyboard.type('=[22];', { delay: 10 });
    await page.keyboard.press('Escape');
    await save(replace(whole, 'openssh.enable = true;\n', 'openssh.enable = true;\n      openssh.ports = [ 22 ];\n'));
    assert.equal(editor.nixlint('fmt', '--check', host).status, 0);
    assert.match(editor.nixlint('check').stdout, /^nothing found/);
  });

  await step('goes to the module in another file', async () => {
    const [line, column] = position('hardware.nvidia');
    await go(line, column + 'hardware.'.length + 1);
    await page.keyboard.press('F12');
    await editor.tab('nvidia.nix');
  });

  await step('makes a host', async () => {
    await command('nixlint: New Host...');
    await answer('New host (1/4)', async () => {
      await editor.input.fill('toaster');
      await page.locator('.quick-input-message', { hasText: 'exists already' }).waitFor();
      await editor.input.fill('attic');
    });
    await answer('New host (2/4)', () => mark('mira'));
    await answer('New host (3/4)', () => mark('modules.nixos.services.openssh'));
    await answer('New host (4/4)', async () => {});
    await editor.tab('default.nix');
    await until('the host', () => existsSync(path.join(editor.repo, 'hosts/attic/default.nix')) && read('hosts/default.nix').includes('attic'));
    assert.match(read('hosts/attic/default.nix'), /services\.openssh/);
    assert.match(read('hosts/default.nix'), /attic = lib\.mkHost \{\n {4}hostname = "attic";\n {4}users = with users; \[ mira \];/);
    await until('all to be saved', async () => (await page.locator('.tab.dirty').count()) === 0);
    assert.match(editor.nixlint('check').stdout, /^nothing found/);
    assert.equal(editor.nixlint('fmt', '--check').status, 0);
    await command('Notifications: Clear All Notifications');
  });

  await step('makes a user', async () => {
    await command('nixlint: New User...');
    await answer('New user (1/4)', () => editor.input.fill('robin'));
    await answer('New user (2/4)', () => editor.input.fill('Robin'));
    await answer('New user (3/4)', () => editor.input.fill('wheel, video'));
    await answer('New user (4/4)', () => mark('laptop'));
    const written = (name, text) => existsSync(path.join(editor.repo, name)) && read(name).includes(text);
    await until('the user', () => written('users/robin/default.nix', '"video"') && written('users/default.nix', 'robin') && written('hosts/default.nix', 'robin'));
    await until('all to be saved', async () => (await page.locator('.tab.dirty').count()) === 0);
    assert.match(editor.nixlint('check').stdout, /^nothing found/);
    await command('Notifications: Clear All Notifications');
  });

  await step('makes a module', async () => {
    await command('nixlint: New Module...');
    await answer('New module (1/3)', async () => {
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'for homes, by home-manager' }).waitFor();
    });
    await answer('New module (2/3)', async () => {
      await editor.input.fill('media');
      await page.locator('.quick-input-message', { hasText: 'write category/feature' }).waitFor();
      await editor.input.fill('services/media-server');
    });
    await answer('New module (3/3)', () => editor.input.fill('toaster'));
    await editor.tab('media-server.nix');
    await until('the module', () => read(host).includes('services.mediaServer') && read('lib/default.nix').includes('media-server.nix'));
    await until('all to be saved', async () => (await page.locator('.tab.dirty').count()) === 0);
    assert.match(editor.nixlint('check').stdout, /^nothing found/);
    await command('Notifications: Clear All Notifications');
  });

  await step('records this machine', async () => {
    await command('nixlint: Record This Machine...');
    await answer('Record this machine (1/1)', () => editor.input.fill('rack'));
    const recorded = path.join(editor.repo, 'hosts/rack/hardware.json');
    const message = page.locator('.notification-list-item');
    await until('an answer', async () => existsSync(recorded) || (await message.count()) > 0);
    if (existsSync('/sys/bus/pci/devices')) {
      await editor.tab('hardware.json');
      await until('the machine', () => existsSync(recorded) && /"host": *"rack"/.test(readFileSync(recorded, 'utf8')));
      rmSync(recorded); // it is not that of the host, as findings would say
    } else {
      await message.filter({ hasText: '/sys' }).waitFor();
    }
    await command('View: Close All Editors');
    await command('Notifications: Clear All Notifications');
  });

  await step('lists hosts, modules and options', async () => {
    await page.locator('.activitybar .action-label[aria-label="nixlint"]').click();
    await row('attic').waitFor();
    await row('toaster').locator('.monaco-tl-twistie').click();
    await row('nvidia').locator('.monaco-tl-twistie').click();
    await row('prime.amdBusId').waitFor();
    await picture('hosts');
    await row('prime.amdBusId').click();
    await editor.tab('nvidia.nix');
  });

  await step('makes a virtual machine with a graphics card', async () => {
    await command('nixlint: New Virtual Machine...');
    await answer('New virtual machine (1/1)', () => editor.input.fill('toaster'));
    await answer('New virtual machine on toaster (1/4)', () => editor.input.fill('games'));
    await answer('New virtual machine on toaster (2/4)', () => editor.input.fill('16G'));
    await answer('New virtual machine on toaster (3/4)', async () => {});
    await answer('New virtual machine on toaster (4/4)', async () => {
      await page.locator('.quick-input-list .monaco-list-row', { hasText: '0000:0d:00.0' }).waitFor();
      await picture('devices');
      await editor.input.fill('0000:01:00.0');
    });
    await editor.tab('games.nix');
    const made = await until('the machine', () => existsSync(path.join(editor.repo, 'hosts/toaster/games.nix')) && read('hosts/toaster/games.nix'));
    assert.match(made, /16384|16/);
    assert.match(made, /0000:01:00\.0/);
    await until('all to be saved', async () => (await page.locator('.tab.dirty').count()) === 0);
  });

  await step('draws the graph in the colours of the theme', async () => {
    await command('View: Close Primary Side Bar');
    await command('View: Hide Panel');
    await command('Notifications: Clear All Notifications');
    await command('nixlint: Show Graph');
    const graph = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await graph.locator('svg .node[data-file="hosts/attic/default.nix"]').waitFor();
    const [fill, background] = await graph.locator('svg .page').evaluate((e) => [getComputedStyle(e).fill, getComputedStyle(document.body).backgroundColor]);
    assert.equal(fill, background);
    const colours = await graph.locator('svg style').evaluate((e) => [...e.sheet.cssRules].filter((r) => r instanceof CSSMediaRule).map((r) => r.media.mediaText));
    assert.deepEqual(colours, ['all']);
    await picture('graph');
    await graph.locator('svg .row[data-file="modules/nixos/desktop/gnome.nix"]').click();
    await page.locator('.tab[data-resource-name="gnome.nix"]').waitFor();
  });

  await step('says what to do if nixlint is not there', async () => {
    const settings = '.vscode/settings.json';
    editor.write(settings, '{ "nixlint.server.path": "/nowhere/nixlint" }');
    const message = page.locator('.notification-list-item', { hasText: '/nowhere/nixlint' });
    await message.waitFor();
    await page.locator('.activitybar .action-label[aria-label="nixlint"]').click();
    await page.locator('.pane-body .welcome-view-content', { hasText: 'was not found' }).waitFor();
    assert.equal(await page.locator('.notification-list-item').count(), 1, 'there are other messages');
    await picture('missing');
    editor.write(settings, '{}');
    await row('attic').waitFor();
  });

  await step('takes up settings while the server runs', async () => {
    const found = async () => (await page.locator('.statusbar-item[id="status.problems"]').innerText()).trim();
    const running = servers();
    assert.match(running, /^[0-9]+\n$/);
    const before = await until('findings of the new machine', async () => /[1-9]$/.test(await found()) && found());
    editor.write('.vscode/settings.json', '{ "nixlint.ignore": ["vfio-device-in-use"] }');
    await until('no findings', async () => !/[1-9]/.test(await found()), 20_000, () => `after ${before}`);
    assert.equal(servers(), running, 'the server was started again');
  });

  await step('asks for findings if it shall', async () => {
    const before = servers();
    editor.write('.vscode/settings.json', '{ "nixlint.diagnostics": "pull" }');
    await until('another server', () => /^[0-9]+\n$/.test(servers()) && servers() !== before);
    const right = file();
    editor.write(host, replace(right, 'hardware.nvidia\n', 'hardware.nvidai\n'));
    await open(host);
    await command('View: Focus Problems');
    const problem = problems.filter({ hasText: 'modules.nixos.hardware.nvidai' });
    await problem.first().waitFor();
    editor.write(host, right);
    await until('the mistake to be gone', async () => (await problem.count()) === 0);
  });

  // Marks what is found by a text in a list of several.
  async function mark(text) {
    await editor.input.fill(text);
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.locator('input[type="checkbox"], .monaco-checkbox').first().click();
  }
});

function replace(text, from, to) {
  assert.equal(text.split(from).length, 2, `${JSON.stringify(from)} is not once in the text`);
  return text.replace(from, to);
}
