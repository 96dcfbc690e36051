-- A session in which a person reads and rearranges a repository: what things are, what can be
-- written, how functions are called, and names that change across files.
local h = harness

-- Asks the server and waits for its answer.
local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  for _, answer in pairs(answers or {}) do
    assert(not (answer.err or answer.error), vim.inspect(answer))
    return answer.result
  end
  error('no answer to ' .. method)
end

local function position()
  return vim.lsp.util.make_position_params(0, h.client().offset_encoding)
end

local function hover()
  local result = request('textDocument/hover', position())
  return assert(result, 'nothing is known here').contents.value
end

local function labels()
  local result = request('textDocument/completion', position())
  local out = {}
  for _, item in ipairs(result.items or result) do
    table.insert(out, item.label)
  end
  return out, result.items or result
end

-- Puts the cursor behind a plain text.
local function behind(text)
  h.go(text)
  local at = vim.api.nvim_win_get_cursor(0)
  vim.api.nvim_win_set_cursor(0, { at[1], at[2] + #text })
end

h.case('tells what functions, options and inputs are', function()
  vim.cmd('edit hosts/default.nix')
  h.go('mkHost {')
  h.contains(hover(), 'mkHost { hostname, stateVersion ? "25.11"')
  vim.cmd('edit modules/nixos/hardware/nvidia.nix')
  h.go('mkEnableOption')
  h.contains(hover(), 'Declares a switch')
  vim.cmd('edit flake.nix')
  h.go('home-manager = {')
  h.contains(hover(), 'locked revision')
end)

h.case('tells how the function is called that is being written', function()
  vim.cmd('edit hosts/default.nix')
  behind('hostname = "toa')
  local result = request('textDocument/signatureHelp', position())
  h.contains(result.signatures[1].label, 'mkHost { hostname')
  h.same(result.signatures[1].activeParameter, 0, 'parameter')
end)

h.case('completes what the function lacks, and what builtins do', function()
  behind('hostname = "laptop";')
  vim.cmd('normal! o')
  local list = labels()
  assert(vim.tbl_contains(list, 'stateVersion'), vim.inspect(list))
  assert(not vim.tbl_contains(list, 'hostname'), vim.inspect(list))
  vim.cmd('normal! dd')
  vim.cmd('normal! Gkox = builtins.mapA')
  vim.api.nvim_win_set_cursor(0, { vim.fn.line('.'), #vim.fn.getline('.') })
  local _, items = labels()
  local item = vim.tbl_filter(function(i)
    return i.label == 'mapAttrs'
  end, items)[1]
  local resolved = request('completionItem/resolve', assert(item, 'mapAttrs is not proposed'))
  h.contains(resolved.documentation.value, 'The set with each value replaced')
  vim.cmd('normal! dd')
  vim.cmd('edit!')
end)

-- Gives what is at the cursor another name, and writes all files.
local function rename(to)
  local params = position()
  params.newName = to
  local edit = assert(request('textDocument/rename', params), 'nothing is renamed')
  vim.lsp.util.apply_workspace_edit(edit, h.client().offset_encoding)
  vim.cmd('silent wall')
end

h.case('renames a variable in its file', function()
  vim.cmd('edit modules/nixos/hardware/nvidia.nix')
  h.go('cfg = config')
  rename('settings')
  h.contains(h.buffer(), 'settings = config')
  assert(not h.buffer():find('cfg', 1, true), 'a use is left')
end)

h.case('renames an option across files', function()
  h.go('channel = ')
  rename('release')
  h.contains(assert(h.read('hosts/toaster/default.nix')), 'release = "beta"')
  local out, status = h.nixlint('check')
  h.same(status, 0, out)
end)

h.case('renames a key of the registry across files', function()
  vim.cmd('edit lib/default.nix')
  h.go('nvidia = ')
  rename('geforce')
  h.contains(assert(h.read('hosts/toaster/default.nix')), 'modules.nixos.hardware.geforce')
  h.contains(assert(h.read('hosts/laptop/default.nix')), 'hardware.geforce')
  local out, status = h.nixlint('check')
  h.same(status, 0, out)
end)

h.case('renames a host with its folder where Neovim can', function()
  vim.cmd('edit hosts/default.nix')
  h.go('rack = lib')
  if not require('nixlint.client').creates() then
    local params = position()
    params.newName = 'cellar'
    local answers = vim.lsp.buf_request_sync(0, 'textDocument/rename', params, 20000)
    for _, answer in pairs(assert(answers)) do
      h.contains((answer.err or answer.error).message, 'the editor cannot rename files')
    end
    return
  end
  rename('cellar')
  assert(h.read('hosts/cellar/default.nix'), 'the folder is not renamed')
  h.contains(assert(h.read('hosts/default.nix')), 'hostname = "cellar"')
  local out, status = h.nixlint('check')
  h.same(status, 0, out)
end)
