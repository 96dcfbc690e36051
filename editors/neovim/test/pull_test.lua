-- Findings that Neovim asks for, where it can; elsewhere the server tells them.
local h = harness
local host = 'hosts/toaster/default.nix'

h.replace(host, 'hardware.nvidia\n', 'hardware.nvidai\n')
vim.g.nixlint = vim.tbl_extend('force', vim.g.nixlint, { init_options = { diagnostics = 'pull' } })

h.case('asks for findings', function()
  vim.cmd('edit ' .. host)
  local found = h.wait('diagnostics', function()
    local list = vim.diagnostic.get(0)
    return #list > 0 and list
  end)
  h.same(#found, 1, 'number of diagnostics')
  h.contains(found[1].message, 'nvidai')
  if vim.fn.has('nvim-0.11') == 1 then
    h.same(found[1].namespace, vim.lsp.diagnostic.get_namespace(h.client().id, true), 'namespace of what was asked for')
  end
end)

h.case('asks again when the text has changed', function()
  h.go('nvidai')
  vim.cmd('normal! ciwnvidia')
  vim.cmd('doautocmd TextChanged')
  h.wait('no diagnostics', function()
    return #vim.diagnostic.get(0) == 0
  end)
end)
