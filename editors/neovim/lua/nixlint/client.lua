-- The connection to the language server, the same for all versions of Neovim.
local nixlint = require('nixlint')

local M = {}

-- Since 0.11 what a client can do are methods.
local function call(client, name, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[name](client, ...)
  end
  return client[name](...)
end

--- Returns the root of the repository around a file or folder: the nearest folder
--- with flake.nix, else with .git, else with nixlint.toml, else the folder itself.
function M.root_of(path)
  local dir = vim.fn.isdirectory(path) == 1 and path or vim.fn.fnamemodify(path, ':p:h')
  dir = vim.fn.fnamemodify(dir, ':p'):gsub('(.)/$', '%1')
  for _, marker in ipairs({ 'flake.nix', '.git', 'nixlint.toml' }) do
    local at = dir
    while true do
      if (vim.uv or vim.loop).fs_lstat(at .. '/' .. marker) then
        return at
      end
      local above = vim.fn.fnamemodify(at, ':h')
      if above == at then
        break
      end
      at = above
    end
  end
  return dir
end

--- Returns the root of the repository that the current buffer belongs to, or else
--- the working directory.
function M.root()
  local name = vim.api.nvim_buf_get_name(0)
  if vim.bo.buftype ~= '' or name == '' then
    return M.root_of(vim.fn.getcwd())
  end
  return M.root_of(name)
end

local missing = {}

-- Tells whether nixlint can be started; says it once if it cannot.
local function installed()
  local program = nixlint.options().cmd[1]
  if vim.fn.executable(program) == 1 then
    return true
  end
  if not missing[program] then
    missing[program] = true
    vim.notify(('nixlint: `%s` is not an executable program; see :help nixlint-install'):format(program), vim.log.levels.WARN)
  end
  return false
end

-- Tells whether a buffer is a file that the server can be asked about.
local function is_file(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  return vim.bo[bufnr].buftype == '' and name ~= '' and not name:match('^%a[%w+.-]+://')
end

--- Tells whether Neovim can create files in folders that do not exist yet.
function M.creates()
  return vim.fn.has('nvim-0.10') == 1
end

--- Returns how Neovim starts the server, for vim.lsp.config.
function M.config()
  local options = nixlint.options()
  local config = {
    cmd = nixlint.argv('lsp'),
    filetypes = { 'nix' },
    init_options = options.init_options,
    root_dir = function(bufnr, start)
      if is_file(bufnr) and installed() then
        start(M.root_of(vim.api.nvim_buf_get_name(bufnr)))
      end
    end,
  }
  if next(options.init_options) == nil then
    config.init_options = nil -- an empty table would be sent as a list
  end
  return config
end

--- Returns the client of a repository, or nil.
function M.of_root(root)
  for _, client in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == 'nixlint' and client.config.root_dir == root then
      return client
    end
  end
end

-- Returns how the server of a repository is started by the plugin itself.
local function config_of(root)
  local config = vim.fn.has('nvim-0.11') == 1 and vim.deepcopy(vim.lsp.config.nixlint) or M.config()
  config.name = 'nixlint'
  config.root_dir = root
  config.capabilities = config.capabilities or vim.lsp.protocol.make_client_capabilities()
  if not M.creates() then
    config.capabilities.workspace.workspaceEdit.resourceOperations = {}
  end
  return config
end

--- Starts the server for a buffer where vim.lsp.enable does not exist.
function M.start(bufnr)
  M.config().root_dir(bufnr, function(root)
    local client = M.of_root(root)
    local id = client and client.id or vim.lsp.start_client(config_of(root))
    if id then
      vim.lsp.buf_attach_client(bufnr, id)
    end
  end)
end

--- Runs a command of the server. done gets an error message or the outcome.
function M.execute(client, command, arguments, done)
  arguments.uri = vim.uri_from_fname(client.config.root_dir)
  local params = { command = command, arguments = { arguments } }
  local ok = call(client, 'request', 'workspace/executeCommand', params, function(err, result)
    done(err and err.message, result)
  end)
  if not ok then
    done('the server has ended')
  end
end

--- Asks what a repository has: see docs/editor.md. Where no server runs, one is started
--- for this question. done gets an error message or the description.
function M.describe(root, done)
  local running = M.of_root(root)
  if running then
    M.execute(running, 'nixlint.describe', {}, done)
    return
  end
  local config = config_of(root)
  if type(config.cmd) == 'table' and vim.fn.executable(config.cmd[1]) == 0 then
    done(('`%s` is not an executable program; see :help nixlint-install'):format(config.cmd[1]))
    return
  end
  config.name = 'nixlint describe' -- which no buffer shares
  config.on_init = function(client)
    M.execute(client, 'nixlint.describe', {}, function(err, description)
      call(client, 'stop')
      done(err, description)
    end)
  end
  config.on_exit = vim.schedule_wrap(function()
    done('the server has ended')
  end)
  if vim.fn.has('nvim-0.11') == 1 then
    vim.lsp.start(config, { attach = false })
  else
    vim.lsp.start_client(config)
  end
end

--- Shows the places that a code lens counts: goes to the only one, lists others.
function M.show_places(command, context)
  local encoding = vim.lsp.get_client_by_id(context.client_id).offset_encoding
  local items = vim.lsp.util.locations_to_items(command.arguments[3], encoding)
  if #items == 1 then
    vim.cmd("normal! m'")
    vim.cmd('edit ' .. vim.fn.fnameescape(items[1].filename))
    vim.api.nvim_win_set_cursor(0, { items[1].lnum, items[1].col - 1 })
  elseif #items > 1 then
    vim.fn.setqflist({}, ' ', { title = command.title, items = items })
    vim.cmd('botright copen')
  end
end

--- Lays a buffer out, as one that is about to be written.
function M.format(bufnr)
  local client = M.of_root(M.root_of(vim.api.nvim_buf_get_name(bufnr)))
  if not client or not vim.lsp.buf_is_attached(bufnr, client.id) then
    return
  end
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(bufnr),
    options = { tabSize = 2, insertSpaces = true },
  }
  local answer, err = call(client, 'request_sync', 'textDocument/formatting', params, 2000, bufnr)
  if not answer or answer.err then
    vim.notify('nixlint: not formatted: ' .. (answer and answer.err.message or err), vim.log.levels.WARN)
  elseif answer.result and #answer.result > 0 then
    vim.lsp.util.apply_text_edits(answer.result, bufnr, client.offset_encoding)
  end
end

--- Tells the servers of files that were written or made, and of files that went away.
function M.written(names, gone)
  for _, client in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do
    if client.name == 'nixlint' then
      local root = client.config.root_dir .. '/'
      local changes = {}
      for kind, list in pairs({ [2] = names, [3] = gone or {} }) do
        for _, name in ipairs(list) do
          if vim.startswith(name, root) then
            table.insert(changes, { uri = vim.uri_from_fname(name), type = kind })
          end
        end
      end
      if #changes > 0 then
        call(client, 'notify', 'workspace/didChangeWatchedFiles', { changes = changes })
      end
    end
  end
end

--- Asks the server what has to change when a file moves. done gets an error message or
--- the edit.
function M.will_move(client, from, to, done)
  local files = { { oldUri = vim.uri_from_fname(from), newUri = vim.uri_from_fname(to) } }
  local ok = call(client, 'request', 'workspace/willRenameFiles', { files = files }, function(err, edit)
    done(err and err.message, edit)
  end)
  if not ok then
    done('the server has ended')
  end
end

return M
