-- The set-ups of README.md that do without the plugin.
local h = harness
local host = 'hosts/toaster/default.nix'
vim.env.PATH = vim.fn.fnamemodify(os.getenv('NIXLINT_PROGRAM'), ':h') .. ':' .. vim.env.PATH

-- Runs the block of README.md that has a text in it.
local function run_block(text)
  local readme = assert(h.read(os.getenv('NIXLINT_PLUGIN') .. '/README.md'))
  for block in readme:gmatch('```lua\n(.-)```') do
    if block:find(text, 1, true) then
      assert(loadstring(block))()
      return
    end
  end
  error(('README.md has no block with `%s`'):format(text))
end

-- Puts a plugin of another author into Neovim. Returns false if it is not at hand.
local function load_plugin(name)
  local folder = (os.getenv('NIXLINT_NVIM_PLUGINS') or '') .. '/' .. name
  if vim.fn.isdirectory(folder) == 0 or vim.fn.has('nvim-0.11') == 0 then
    return false
  end
  vim.opt.runtimepath:append(folder)
  return true
end

local function told()
  return h.wait('the mistake', function()
    for _, d in ipairs(vim.diagnostic.get(0)) do
      if d.message:find('nvidai', 1, true) then
        return d
      end
    end
  end)
end

h.replace(host, 'hardware.nvidia\n', 'hardware.nvidai\n')

h.case('nvim-lint tells the mistake', function()
  vim.cmd('edit ' .. host)
  if not load_plugin('nvim-lint') then
    return
  end
  run_block("require('lint').linters.nixlint")
  require('lint').try_lint()
  local d = told()
  h.same({ d.lnum, d.severity, d.code }, { 29, vim.diagnostic.severity.ERROR, 'module-path-unresolved' }, 'finding')
  vim.diagnostic.reset()
end)

h.case('conform.nvim formats', function()
  vim.cmd('edit ' .. host)
  if not load_plugin('conform.nvim') then
    return
  end
  local want = h.buffer()
  vim.cmd([[%s/^    modules\.nixos\.desktop\.gdm/ modules.nixos . desktop.gdm/]])
  run_block("require('conform').setup")
  assert(require('conform').format({ bufnr = 0 }), 'it does not format')
  h.same(h.buffer(), want, 'buffer')
  vim.cmd('edit!')
end)

h.case('nvim-lspconfig of Neovim before 0.11 starts the server', function()
  if not load_plugin('nvim-lspconfig') then
    return
  end
  run_block("require('lspconfig.configs')")
  vim.cmd('edit ' .. host)
  vim.cmd('doautocmd FileType')
  told()
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop(true)
  end
  h.wait('the end of the server', function()
    return #vim.lsp.get_clients() == 0
  end)
  vim.diagnostic.reset()
  vim.cmd('bwipeout!')
end)

h.case('Neovim 0.11 starts the server by itself', function()
  if vim.fn.has('nvim-0.11') == 0 then
    return
  end
  run_block("vim.lsp.enable('nixlint')")
  vim.cmd('edit ' .. host)
  vim.cmd('doautocmd FileType')
  told()
end)
