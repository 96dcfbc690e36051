-- The commands. They go through the server, which knows texts that are not saved;
-- without one, or if Neovim could not carry its edits out, nixlint is run instead.
local client = require('nixlint.client')
local nixlint = require('nixlint')
local scaffold = require('nixlint.scaffold')
local ui = require('nixlint.ui')

local M = {}

-- Asks the server of a repository for a command. Returns false if there is no server.
local function ask_server(root, command, arguments)
  local server = client.of_root(root)
  if not server then
    return false
  end
  local err, outcome = ui.await(function(done)
    client.execute(server, command, arguments, done)
  end)
  if err then
    error(err, 0)
  end
  return outcome
end

-- Runs nixlint in a repository and returns its output and what it says beside that.
-- Some commands end with status 1 when something was found.
local function ask_program(root, argv, most)
  local status, out, err = ui.system(nixlint.argv(unpack(argv)), root)
  if not status or status > (most or 0) then
    error(vim.trim((err:gsub('^nixlint: ', ''):gsub('^error: ', ''))), 0)
  end
  return out, err
end

-- Returns the graph of a repository in a format.
local function graph(root, format, hosts)
  local outcome = ask_server(root, 'nixlint.showGraph', { format = format, hosts = #hosts > 0 and hosts or nil })
  if outcome then
    return outcome.text
  end
  local argv = { 'graph', '--format=' .. format }
  for _, host in ipairs(hosts) do
    table.insert(argv, '--host=' .. host)
  end
  return (ask_program(root, argv))
end

-- Returns what a repository has.
local function describe(root)
  local err, of = ui.await(function(done)
    client.describe(root, done)
  end)
  if err then
    error(err, 0)
  end
  return of
end

-- Asks for a field of a scaffold of which other values are known. Returns nil if the
-- question was left.
local function answer(field, of, known)
  local choices = field.choices and field.choices(of, known) or {}
  if not field.choice then
    return ui.ask(
      field.prompt,
      vim.tbl_map(function(choice)
        return choice.value
      end, choices),
      field.default
    )
  end
  if #choices == 0 then
    error('the repository has no hosts yet', 0)
  end
  return ui.choose(field.prompt, choices)
end

-- Returns the values of a scaffold's fields: those given as VALUE or KEY=VALUE, and
-- those asked for. Whoever gives any is asked only for what is needed. Returns nil if
-- a needed one was not given.
local function values(thing, given, root)
  local out = {}
  local words = {}
  for _, field in ipairs(thing.fields) do
    if not field.flag then
      table.insert(words, field)
    end
  end
  for _, argument in ipairs(given) do
    local key, text = argument:match('^(%a+)=(.*)$')
    local field
    if key then
      for _, f in ipairs(thing.fields) do
        field = f.key == key and f or field
      end
    else
      field, text = table.remove(words, 1), argument
    end
    if not field then
      error(('`%s` is not understood: see :help nixlint-commands'):format(argument), 0)
    end
    local value, err = scaffold.parse(field, text)
    if err then
      error(err, 0)
    end
    out[field.key] = value
  end
  local of
  for _, field in ipairs(thing.fields) do
    if out[field.key] == nil and field.prompt and (field.required or #given == 0) then
      of = of or describe(root)
      local text = answer(field, of, out)
      if text == nil or field.required and vim.trim(text) == '' then
        return nil
      end
      if vim.trim(text) ~= '' then
        local value, err = scaffold.parse(field, text, of)
        if err then
          error(err, 0)
        end
        out[field.key] = value
      end
    end
  end
  return out
end

-- Returns the loaded buffers of a repository that are modified, as a set of names.
local function modified(root)
  local out = {}
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(bufnr)
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.bo[bufnr].modified and vim.startswith(name, root .. '/') then
      out[name] = true
    end
  end
  return out
end

-- Writes the buffers of files, other than those that were modified before.
local function write(root, files, before)
  for _, file in ipairs(files) do
    local name = root .. '/' .. file
    local bufnr = vim.fn.bufadd(name)
    if not before[name] and vim.api.nvim_buf_is_loaded(bufnr) and vim.bo[bufnr].modified then
      vim.fn.mkdir(vim.fn.fnamemodify(name, ':h'), 'p')
      vim.api.nvim_buf_call(bufnr, function()
        vim.cmd('silent write')
      end)
    end
  end
end

-- Makes what a plan of the server or of nixlint says: command is the server's, argv
-- nixlint's. Returns the files, relative to the root, and notes.
local function make(root, command, arguments, argv)
  local before = modified(root)
  if client.creates() and client.of_root(root) then
    local outcome = ask_server(root, command, arguments)
    local files = type(outcome.files) == 'table' and outcome.files or {}
    if outcome.applied then
      write(root, files, before)
    end
    return files, type(outcome.notes) == 'table' and outcome.notes or {}
  end
  local name = next(before)
  if name then
    error(('`%s` is not saved: write it first'):format(name:sub(#root + 2)), 0)
  end
  local out, err = ask_program(root, argv)
  local files, notes = {}, {}
  for _, line in ipairs(vim.split(out, '\n')) do
    local file = line:match('^wrote (.+)$') or line:match('^changed (.+)$')
    if file then
      table.insert(files, file)
    elseif line ~= '' then
      table.insert(notes, line)
    end
  end
  for _, line in ipairs(vim.split(err, '\n')) do
    if line ~= '' then
      table.insert(notes, (line:gsub('^note: ', '')))
    end
  end
  vim.cmd('checktime')
  local changed = {}
  for _, file in ipairs(files) do
    table.insert(changed, root .. '/' .. file)
  end
  client.written(changed)
  return files, notes
end

-- Opens what was made under a name, and says what remains to be done.
local function show(root, name, files, notes)
  local main = files[1]
  for _, file in ipairs(files) do
    if vim.endswith(file, '/' .. name .. '/default.nix') then
      main = file
    end
  end
  if main then
    vim.cmd('edit ' .. vim.fn.fnameescape(root .. '/' .. main))
  end
  local lines = vim.list_extend({ #files > 0 and table.concat(files, ', ') or nil }, notes)
  ui.info(table.concat(lines, '\n'))
end

for name, thing in pairs(scaffold) do
  if type(thing) == 'table' then
    M[name] = function(root, given)
      local arguments = values(thing, given, root)
      if arguments then
        show(root, arguments.name, make(root, thing.command, arguments, scaffold.argv(thing, arguments)))
      end
    end
  end
end

local formats = { svg = 'svg', dot = 'dot', mermaid = 'mermaid', json = 'json' }

--- Draws the repository: :NixlintGraph [FORMAT] [HOST…]. A picture is opened by the
--- desktop, a text in a buffer.
function M.Graph(root, given)
  local format = formats[given[1] or '']
  local text = graph(root, format or 'svg', vim.list_slice(given, format and 2 or 1))
  if format and format ~= 'svg' then
    ui.scratch('graph.' .. format, format, text)
    return
  end
  local folder = vim.fn.stdpath('cache') .. '/nixlint'
  vim.fn.mkdir(folder, 'p')
  local file = folder .. '/' .. vim.fn.fnamemodify(root, ':t') .. '.svg'
  vim.fn.writefile(vim.split(text, '\n'), file, 'b')
  if not ui.open(file) then
    ui.info('no program opens pictures here; the graph is in ' .. file)
  end
end

--- Shows machines beside what is claimed of their devices: :NixlintMachine [HOST].
function M.Machine(root, given)
  local argv = { 'vfio', '--color=never' }
  if given[1] then
    table.insert(argv, '--host=' .. given[1])
  end
  ui.scratch('machine', 'nixlint-machine', (ask_program(root, argv, 1)))
end

-- Asks which of a repository's hosts this machine is.
local function this_machine(root)
  local here = vim.split(vim.fn.hostname(), '.', { plain = true })[1]
  local choices = {}
  for _, host in ipairs(describe(root).hosts) do
    local label = host.name == here and host.name .. ': this machine by its name' or host.name
    table.insert(choices, { label = label, value = host.name })
  end
  if #choices == 0 then
    error('the repository has no hosts yet', 0)
  end
  return ui.choose('Host of the flake that this machine is', choices)
end

--- Records this machine as that of a host: :NixlintSnapshot [HOST].
function M.Snapshot(root, given)
  local host = given[1] or this_machine(root)
  if not host then
    return
  end
  if not host:match('^[%w_][%w_.-]*$') then
    error(('`%s` is no name of a host'):format(host), 0)
  end
  local file = 'hosts/' .. host .. '/hardware.json'
  if (vim.uv or vim.loop).fs_lstat(root .. '/' .. file) then
    error(('%s exists already: `nixlint vfio snapshot -o %s` in a terminal replaces it'):format(file, file), 0)
  end
  local argv = { 'vfio', 'snapshot', '--host=' .. host, '--output=' .. file }
  local files, notes = make(root, 'nixlint.snapshotMachine', { host = host }, argv)
  show(root, host, #files > 0 and files or { file }, notes) -- nixlint does not say what it writes
end

--- Moves the file in the current window: :NixlintMove [PATH]. Paths in it and paths to it
--- follow.
function M.Move(root, given)
  local from = vim.api.nvim_buf_get_name(0)
  local server = client.of_root(root)
  if not server or not vim.startswith(from, root .. '/') then
    error('this is no file of a repository for which the server runs', 0)
  end
  if vim.bo.modified then
    error(('`%s` is not saved: write it first'):format(from:sub(#root + 2)), 0)
  end
  local to = given[1] or ui.ask('Where it moves to', {}, vim.fn.fnamemodify(from, ':.'))
  if not to or vim.trim(to) == '' then
    return
  end
  to = vim.fn.fnamemodify(vim.trim(to), ':p')
  if (vim.uv or vim.loop).fs_lstat(to) then
    error(('`%s` exists already'):format(to), 0)
  end
  local before = modified(root)
  local err, edit = ui.await(function(done)
    client.will_move(server, from, to, done)
  end)
  if err then
    error(err, 0)
  end
  local view, bufnr = vim.fn.winsaveview(), vim.api.nvim_get_current_buf()
  if type(edit) == 'table' then
    vim.lsp.util.apply_workspace_edit(edit, server.offset_encoding)
  end
  local changed = {}
  for name in pairs(modified(root)) do
    table.insert(changed, name:sub(#root + 2))
  end
  write(root, changed, before)
  vim.fn.mkdir(vim.fn.fnamemodify(to, ':h'), 'p')
  local moved, why = (vim.uv or vim.loop).fs_rename(from, to)
  if not moved then
    error(why, 0)
  end
  vim.cmd('edit ' .. vim.fn.fnameescape(to))
  vim.fn.winrestview(view)
  vim.api.nvim_buf_delete(bufnr, {})
  client.written({ to }, { from })
end

--- Runs a command by what follows Nixlint in its name.
function M.run(name, given)
  local root = client.root()
  given = vim.tbl_filter(function(argument)
    return argument ~= '' -- which some versions of Neovim give for none
  end, given)
  ui.start(function()
    M[name](root, given)
  end)
end

--- Completes the arguments of a command.
function M.complete(name, lead)
  local out = {}
  if name == 'Graph' then
    out = vim.tbl_keys(formats)
    table.sort(out)
  else
    for _, field in ipairs(scaffold[name].fields) do
      if field.flag then
        table.insert(out, field.key .. '=')
      end
    end
  end
  return vim.tbl_filter(function(item)
    return vim.startswith(item, lead)
  end, out)
end

return M
