-- Files that move, and what stands beside the text.
local h = harness

h.case('moves a module, and the paths that lead to it', function()
  vim.cmd('edit modules/nixos/hardware/nvidia.nix')
  h.client()
  h.go('options')
  local at = vim.api.nvim_win_get_cursor(0)
  vim.cmd('NixlintMove modules/nixos/graphics/geforce.nix')
  h.wait('the file in its place', function()
    return vim.api.nvim_buf_get_name(0) == vim.fn.getcwd() .. '/modules/nixos/graphics/geforce.nix'
  end)
  h.same(vim.api.nvim_win_get_cursor(0), at, 'cursor')
  h.same(h.read('modules/nixos/hardware/nvidia.nix'), nil, 'the file at its old place')
  h.contains(h.read('lib/default.nix'), '/modules/nixos/graphics/geforce.nix"')
  h.same(vim.fn.bufnr('hardware/nvidia.nix'), -1, 'buffer of the old place')
  local out, status = h.nixlint('check')
  h.same(status, 0, out)
end)

h.case('moves a host file that has paths of its own', function()
  vim.cmd('edit hosts/rack/default.nix')
  h.answers = { ['Where it moves to: '] = 'hosts/rack/system/main.nix' }
  vim.cmd('NixlintMove')
  h.wait('the file in its place', function()
    return vim.api.nvim_buf_get_name(0) == vim.fn.getcwd() .. '/hosts/rack/system/main.nix'
  end)
  h.contains(h.read('hosts/rack/system/main.nix'), '../disko.nix')
end)

h.case('moves nothing over another file, and nothing that is not written', function()
  vim.cmd('edit hosts/toaster/disko.nix')
  vim.cmd('NixlintMove hosts/toaster/default.nix')
  h.wait('an error', function()
    return #h.told > 0
  end)
  h.contains(h.told[1].message, 'exists already')
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { '# mine' })
  h.told = {}
  vim.cmd('NixlintMove hosts/toaster/disks.nix')
  h.wait('an error', function()
    return #h.told > 0
  end)
  h.contains(h.told[1].message, '`hosts/toaster/disko.nix` is not saved')
  vim.cmd('edit!')
end)

h.case('shows hints beside the text where Neovim can', function()
  if not vim.lsp.inlay_hint then
    return
  end
  vim.cmd('edit hosts/toaster/default.nix')
  vim.lsp.inlay_hint.enable(true)
  local shown = h.wait('hints', function()
    local list = vim.lsp.inlay_hint.get({ bufnr = 0 })
    return #list > 0 and list
  end)
  local labels = vim.tbl_map(function(hint)
    local label = hint.inlay_hint.label
    return type(label) == 'string' and label or label[1].value
  end, shown)
  h.contains(table.concat(labels, '\n'), '0d:00.0')
end)
