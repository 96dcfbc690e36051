-- :checkhealth nixlint
local client = require('nixlint.client')
local nixlint = require('nixlint')

local M = {}

local health = vim.health or require('health')
-- The names are those since 0.10.
local say = {
  start = health.start or health.report_start,
  ok = health.ok or health.report_ok,
  info = health.info or health.report_info,
  warn = health.warn or health.report_warn,
  error = health.error or health.report_error,
}

local function check_program()
  local argv = nixlint.argv('--version')
  if vim.fn.executable(argv[1]) == 0 then
    say.error(('`%s` is not an executable program'):format(argv[1]), {
      'install nixlint, or set `cmd` in vim.g.nixlint to where it is; see :help nixlint-install',
    })
    return
  end
  local version = vim.trim(vim.fn.system(argv))
  if vim.v.shell_error ~= 0 then
    say.error(('`%s` fails: %s'):format(table.concat(argv, ' '), version))
    return
  end
  say.ok(('%s: %s'):format(vim.fn.exepath(argv[1]), vim.split(version, '\n')[1]))
end

local function check_server()
  local running = 0
  for _, c in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if c.name == 'nixlint' then
      running = running + 1
      say.ok(('the server runs for %s'):format(c.config.root_dir))
    end
  end
  if not nixlint.options().enable then
    say.info('`enable` is false: the server is started by something else')
  elseif running == 0 then
    say.info('the server is not running: it starts when a Nix file is opened')
  end
end

local function check_neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    say.ok('Neovim starts the server by lsp/nixlint.lua')
  else
    say.info('this Neovim has no vim.lsp.enable: the plugin starts the server')
  end
  if not client.creates() then
    say.warn('files are scaffolded by running nixlint: from 0.10 on the server does it, with texts that are not saved')
  end
end

function M.check()
  say.start('nixlint')
  for _, mistake in ipairs(nixlint.mistakes()) do
    say.error(mistake, { 'see :help nixlint-settings' })
  end
  check_neovim()
  check_program()
  check_server()
end

return M
