-- The commands without a server.
local h = harness

h.case('makes a user and a host', function()
  vim.cmd('edit flake.nix')
  vim.cmd('NixlintNewUser robin groups=wheel')
  h.wait('the user', function()
    return vim.api.nvim_buf_get_name(0):match('users/robin/default.nix$')
  end)
  vim.cmd('NixlintNewHost attic users=robin')
  h.wait('the host', function()
    return vim.api.nvim_buf_get_name(0):match('hosts/attic/[%w-]+.nix$')
  end)
  local out, status = h.nixlint('check')
  h.same(status, 0, out)
  h.same(#(vim.lsp.get_clients or vim.lsp.get_active_clients)(), 0, 'servers')
end)

h.case('asks, with a server for the questions alone', function()
  h.answers = {
    ['Whose module is it?'] = 'home: for homes, by home-manager',
    ['Name of the module, as category/feature: '] = 'apps/music',
    ['Host or user that imports it'] = 'robin',
  }
  vim.cmd('NixlintNewModule')
  h.wait('the module', function()
    return vim.api.nvim_buf_get_name(0):match('modules/home/apps/music.nix$')
  end)
  h.contains(h.read('users/robin/home/default.nix') or h.read('users/robin/default.nix'), 'music')
  h.wait('the server to end', function()
    return #(vim.lsp.get_clients or vim.lsp.get_active_clients)() == 0
  end)
end)

h.case('shows machines', function()
  vim.cmd('NixlintMachine rack')
  h.wait('the table', function()
    return vim.api.nvim_buf_get_name(0) == 'nixlint://machine'
  end)
  h.contains(h.buffer(), 'CLAIMED BY')
  h.contains(h.buffer(), 'guest trainer')
  h.same(vim.bo.modifiable, false, 'modifiable')
  local bufnr = vim.api.nvim_get_current_buf()
  vim.cmd('close')
  vim.cmd('NixlintMachine')
  h.wait('the table again', function()
    return vim.api.nvim_get_current_buf() == bufnr and h.buffer():find('toaster:', 1, true)
  end)
  vim.cmd('close')
end)

h.case('draws the repository', function()
  vim.cmd('NixlintGraph mermaid toaster')
  h.wait('the text', function()
    return vim.api.nvim_buf_get_name(0) == 'nixlint://graph.mermaid'
  end)
  h.contains(h.buffer(), 'toaster')
  assert(not h.buffer():find('laptop', 1, true), 'other hosts are drawn too')
  vim.cmd('close')
  local opened
  require('nixlint.ui').open = function(file)
    opened = file
    return true
  end
  vim.cmd('NixlintGraph')
  h.wait('the picture', function()
    return opened
  end)
  h.contains(h.read(opened), '</svg>')
end)

h.case('records this machine', function()
  vim.cmd('NixlintSnapshot toaster')
  h.wait('an answer', function()
    return #h.told > 0
  end)
  if h.told[1].level == vim.log.levels.INFO then
    h.contains(h.read('hosts/toaster/hardware.json'), '"toaster"')
    h.contains(h.told[1].message, 'hosts/toaster/hardware.json')
    h.told = {}
    vim.cmd('NixlintSnapshot toaster')
    h.wait('an answer', function()
      return #h.told > 0
    end)
    h.contains(h.told[1].message, 'exists already')
  else
    h.contains(h.told[1].message, '/sys') -- there is no machine to be seen
  end
end)

h.case('says that the program is missing', function()
  vim.g.nixlint = { cmd = { '/nowhere/nixlint' }, enable = false }
  vim.cmd('NixlintMachine')
  h.wait('an error', function()
    return #h.told > 0
  end)
  h.contains(h.told[1].message, '`/nowhere/nixlint` is not an executable program')
end)

h.case('looks after its health', function()
  vim.g.nixlint = { cmd = { os.getenv('NIXLINT_PROGRAM') }, enable = false, colour = 'red' }
  vim.cmd('checkhealth nixlint')
  h.contains(h.buffer(), '`colour` is no setting of nixlint')
  h.contains(h.buffer(), os.getenv('NIXLINT_PROGRAM'))
end)
