-- What Neovim shows with the server.
local h = harness
local host = 'hosts/toaster/default.nix'

h.replace(host, 'hardware.nvidia\n', 'hardware.nvidai\n')

local function diagnostics()
  return vim.diagnostic.get(0)
end

-- Asks the server and waits for its answer.
local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  for _, answer in pairs(answers or {}) do
    assert(not answer.err, vim.inspect(answer.err))
    return answer.result
  end
  error('no answer to ' .. method)
end

local function position()
  return vim.lsp.util.make_position_params(0, h.client().offset_encoding)
end

-- Chooses the code action with a title, if it is offered; returns whether it is.
local function act(title)
  local offered
  local select = vim.ui.select
  vim.ui.select = function(items, options, done)
    offered = false
    for _, item in ipairs(items) do
      if options.format_item(item):find(title, 1, true) then
        offered = true
        done(item)
        return
      end
    end
  end
  vim.lsp.buf.code_action()
  h.wait('code actions', function()
    return offered ~= nil
  end)
  vim.ui.select = select
  return offered
end

h.case('tells a wrong module path', function()
  vim.cmd('edit ' .. host)
  h.same(vim.bo.filetype, 'nix', 'filetype')
  local found = h.wait('diagnostics', function()
    local list = diagnostics()
    return #list > 0 and list
  end)
  h.same(#found, 1, 'number of diagnostics')
  h.same(found[1].code or found[1].user_data.lsp.code, 'module-path-unresolved', 'code')
  h.same(found[1].severity, vim.diagnostic.severity.ERROR, 'severity')
  h.contains(found[1].message, 'nvidai')
  h.go('hardware.nvidai')
  h.same(found[1].lnum, vim.api.nvim_win_get_cursor(0)[1] - 1, 'line')
end)

h.case('completes modules', function()
  h.go('nvidai')
  local result = request('textDocument/completion', position())
  local labels = {}
  for _, item in ipairs(result.items or result) do
    table.insert(labels, item.label)
  end
  assert(vim.tbl_contains(labels, 'nvidia'), vim.inspect(labels))
end)

h.case('repairs by a code action', function()
  h.go('nvidai')
  local before = h.buffer()
  act('Replace `nvidai` by `nvidia`')
  h.wait('the repair', function()
    return h.buffer() ~= before
  end)
  h.same(h.buffer(), (before:gsub('nvidai', 'nvidia')), 'buffer')
  h.wait('no diagnostics', function()
    return #diagnostics() == 0
  end)
end)

h.case('goes to the module', function()
  h.go('nvidia')
  local result = request('textDocument/definition', position())
  local place = result[1] or result
  h.contains(place.targetUri or place.uri, '/modules/nixos/hardware/nvidia.nix')
end)

h.case('completes options', function()
  h.go('openssh.enable = true;')
  vim.cmd('normal! oopenssh.p')
  vim.api.nvim_win_set_cursor(0, { vim.fn.line('.'), #vim.fn.getline('.') })
  local result = request('textDocument/completion', position())
  local labels = {}
  for _, item in ipairs(result.items or result) do
    table.insert(labels, item.label)
  end
  assert(vim.tbl_contains(labels, 'ports'), vim.inspect(labels))
  vim.cmd('normal! dd')
end)

h.case('lays out when a file is written', function()
  local want = h.buffer()
  vim.cmd([[%s/^    modules\.nixos\.desktop\.gdm/ modules.nixos . desktop.gdm/]])
  assert(h.buffer() ~= want, 'the buffer is not changed')
  vim.cmd('write')
  h.same(h.buffer(), want, 'buffer')
  h.same(h.read(host), want .. '\n', 'file')
  local out, status = h.nixlint('fmt', '--check', host)
  h.same(status, 0, out)
end)

h.case('leaves a file with syntax errors as it is', function()
  local want = h.buffer() .. '\n}'
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { '}' })
  vim.cmd('write')
  h.same(h.buffer(), want, 'buffer')
  h.wait('a syntax error', function()
    for _, d in ipairs(diagnostics()) do
      if (d.code or d.user_data.lsp.code) == 'syntax' then
        return true
      end
    end
  end)
  vim.cmd('$delete | write')
  h.wait('no diagnostics', function()
    return #diagnostics() == 0
  end)
end)

h.case('reads settings that are written', function()
  h.go('modules,')
  vim.cmd('normal! Ospare,')
  h.wait('an unused formal', function()
    return #diagnostics() > 0
  end)
  vim.cmd('write')
  vim.cmd('edit nixlint.toml')
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { '[check]', 'ignore = ["unused-formal"]' })
  vim.cmd('write')
  vim.cmd('buffer ' .. host)
  h.wait('no diagnostics', function()
    return #diagnostics() == 0
  end)
end)

h.case('offers to create a module where Neovim can', function()
  vim.cmd('edit ' .. host)
  h.go('modules.nixos.services.openssh')
  vim.cmd('normal! Omodules.nixos.services.radio')
  h.wait('a diagnostic', function()
    return #diagnostics() > 0
  end)
  h.go('radio')
  local offered = act('Create the module services.radio')
  if require('nixlint.client').creates() then
    h.wait('no diagnostics', function()
      return #diagnostics() == 0
    end)
    vim.cmd('silent wall')
    h.contains(assert(h.read('modules/nixos/services/radio.nix')), 'enable')
    local out, status = h.nixlint('check')
    h.same(status, 0, out)
  else
    h.same(offered, false, 'offered')
  end
end)

-- Runs the code lens with a title.
local function lens(title)
  local params = { textDocument = vim.lsp.util.make_text_document_params() }
  for _, l in ipairs(request('textDocument/codeLens', params)) do
    if l.command.title == title then
      vim.lsp.commands[l.command.command](l.command, { client_id = h.client().id, bufnr = 0 })
      return
    end
  end
  error(('there is no lens `%s`'):format(title))
end

h.case('shows the places that a lens counts', function()
  vim.cmd('edit modules/nixos/virtualization/libvirt.nix')
  h.client()
  lens('part of 2 hosts')
  local places = vim.fn.getqflist({ title = 0, items = 0 })
  h.same(places.title, 'part of 2 hosts', 'title')
  local files = vim.tbl_map(function(item)
    return vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':.')
  end, places.items)
  h.same(files, { 'hosts/rack/default.nix', 'hosts/toaster/default.nix' }, 'files')
  vim.cmd('cclose')
end)

h.case('asks for what a lens makes', function()
  vim.cmd('edit hosts/default.nix')
  h.client()
  local asked
  local input = vim.ui.input
  vim.ui.input = function(options)
    asked = options.prompt
  end
  lens('new host …')
  h.wait('a question', function()
    return asked
  end)
  vim.ui.input = input
  h.contains(asked, 'Name of the host')
end)

h.case('starts one server for a repository, and none for what is no file', function()
  local id = h.client().id
  vim.cmd('edit flake.nix')
  h.same(h.client().id, id, 'client')
  vim.cmd('enew | set buftype=nofile filetype=nix')
  vim.wait(200)
  h.same(vim.lsp.buf_is_attached(0, id), false, 'attached')
end)
