-- Starts the language server for Nix files and defines the commands. Nothing
-- else is loaded before it is needed.
if vim.g.loaded_nixlint then
  return
end
vim.g.loaded_nixlint = true

local group = vim.api.nvim_create_augroup('nixlint', {})

if vim.lsp.config and vim.lsp.enable then
  -- lsp/nixlint.lua says how the server is started.
  if require('nixlint').options().enable then
    vim.lsp.enable('nixlint')
  end
else
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = 'nix',
    callback = function(event)
      if require('nixlint').options().enable then
        require('nixlint.client').start(event.buf)
      end
    end,
  })
end

vim.api.nvim_create_autocmd('BufWritePre', {
  group = group,
  pattern = '*.nix',
  callback = function(event)
    if require('nixlint').options().format_on_save then
      require('nixlint.client').format(event.buf)
    end
  end,
})

-- The server reads files that are not Nix from the disk: settings, snapshots,
-- whatever is imported. Neovim watches files only on some systems.
vim.api.nvim_create_autocmd('BufWritePost', {
  group = group,
  pattern = '*',
  callback = function(event)
    if vim.bo[event.buf].filetype ~= 'nix' then
      require('nixlint.client').written({ vim.fn.fnamemodify(event.match, ':p') })
    end
  end,
})

-- complete is true, or how Neovim itself completes.
local function command(name, desc, nargs, complete)
  vim.api.nvim_create_user_command('Nixlint' .. name, function(args)
    require('nixlint.commands').run(name, args.fargs)
  end, {
    desc = desc,
    nargs = nargs,
    complete = complete == true and function(lead)
      return require('nixlint.commands').complete(name, lead)
    end or complete,
  })
end

command('NewHost', 'Scaffold a host', '*', true)
command('NewUser', 'Scaffold a user', '*', true)
command('NewModule', 'Scaffold a module', '*', true)
command('NewVm', 'Scaffold a virtual machine', '*', true)
command('Graph', 'Draw which host imports which module', '*', true)
command('Machine', 'Show machines beside what is claimed of their devices', '?')
command('Move', 'Move this file; paths in it and to it follow', '?', 'file')
command('Snapshot', 'Record this machine as that of a host', '?')

-- What stands above the code asks as the commands do, or lists places.
for _, name in ipairs({ 'NewHost', 'NewUser', 'NewModule' }) do
  vim.lsp.commands['nixlint.' .. name:gsub('^N', 'n')] = function()
    require('nixlint.commands').run(name, {})
  end
end

-- The name is that of VS Code; other plugins may know it too.
if not vim.lsp.commands['editor.action.showReferences'] then
  vim.lsp.commands['editor.action.showReferences'] = function(lens, context)
    require('nixlint.client').show_places(lens, context)
  end
end
