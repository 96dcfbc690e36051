-- The commands that make something, by the server where Neovim can create files as it
-- wants them created, else by running nixlint.
local h = harness

-- Waits until a file exists and the editor shows it.
local function made(file)
  h.wait(file, function()
    return vim.api.nvim_buf_get_name(0) == vim.fn.getcwd() .. '/' .. file
  end)
  assert(#h.read(file) > 0, file .. ' is empty')
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    assert(not vim.bo[bufnr].modified, vim.api.nvim_buf_get_name(bufnr) .. ' is not written')
  end
end

-- Checks that nixlint finds nothing in the repository.
local function clean()
  local out, status = h.nixlint('check')
  h.same(status, 0, out)
end

local function all()
  h.answers = {
    ['Name of the account: '] = 'robin',
    ['Full name; may be left empty: '] = 'Robin',
    ['Further groups, separated by commas; may be left empty: '] = 'wheel, video',
    ['Hosts that get the account: '] = 'laptop',
  }
  vim.cmd('NixlintNewUser')
  made('users/robin/default.nix')
  h.contains(h.read('users/robin/default.nix'), '"video"')
  h.contains(h.read('users/default.nix'), 'robin')
  h.contains(h.read('hosts/default.nix'), 'robin')
  clean()

  h.answers = {
    ['Whose module is it?'] = 'nixos: for systems',
    ['Name of the module, as category/feature: '] = 'services/media-server',
    ['Host or user that imports it'] = 'toaster',
  }
  vim.cmd('NixlintNewModule')
  made('modules/nixos/services/media-server.nix')
  h.contains(h.read('hosts/toaster/default.nix'), 'mediaServer')
  clean()

  h.answers = {
    ['Whose module is it?'] = 'home: for homes, by home-manager',
    ['Name of the module, as category/feature: '] = 'apps/music',
    ['Host or user that imports it'] = 'Import it nowhere yet',
  }
  vim.cmd('NixlintNewModule')
  made('modules/home/apps/music.nix')
  h.contains(h.read('lib/default.nix'), 'modules/home/apps/music.nix')

  h.answers = {
    ['Name of the host: '] = 'attic',
    ['Users of the host: '] = 'robin, mira',
    ['Modules that it imports: '] = 'services.openssh',
    ['Drive to install on; may be left empty: '] = '',
  }
  vim.cmd('NixlintNewHost')
  made('hosts/attic/default.nix')
  h.contains(h.read('hosts/attic/default.nix'), 'services.openssh')
  h.contains(h.read('hosts/default.nix'), 'attic')

  h.answers = {}
  vim.cmd('NixlintNewHost cellar users=robin modules=services.openssh')
  made('hosts/cellar/default.nix')

  h.answers = { ['Host of the virtual machine'] = 'toaster' }
  vim.cmd('NixlintNewVm builder memory=8G cores=4')
  made('hosts/toaster/builder.nix')
  h.contains(h.read('hosts/toaster/builder.nix'), '8192')
end

h.case('makes users, modules, hosts and machines', function()
  vim.cmd('edit hosts/toaster/default.nix')
  h.client()
  all()
end)

h.case('offers the graphics cards of the machine of the host', function()
  h.write('hosts/toaster/hardware.json', h.read(os.getenv('NIXLINT_PLUGIN') .. '/../vscode/test/toaster.json'))
  require('nixlint.client').written({ vim.fn.getcwd() .. '/hosts/toaster/hardware.json' })
  local offered
  local select = vim.ui.select
  vim.ui.select = function(items, options, done)
    if options.prompt == 'Graphics card that it gets for itself' then
      offered = vim.tbl_map(options.format_item, items)
      done(items[3])
    else
      select(items, options, done)
    end
  end
  h.answers = {
    ['Host of the virtual machine'] = 'toaster',
    ['Name of the virtual machine: '] = 'games',
    ['Memory: '] = '16G',
    ['Cores: '] = '6',
  }
  vim.cmd('NixlintNewVm')
  made('hosts/toaster/games.nix')
  vim.ui.select = select
  h.same(#offered, 4, table.concat(offered, '; '))
  h.contains(offered[1], 'None: it is seen through a window')
  h.contains(offered[2], 'Automatic')
  h.contains(offered[3], '0000:01:00.0')
  h.contains(offered[3], '[10de:2c05], IOMMU group 14, driver vfio-pci')
  h.contains(offered[4], 'the host starts on it')
  h.contains(h.read('hosts/toaster/games.nix'), '0000:01:00.0')
end)

h.case('records this machine as that of a host', function()
  h.answers = { ['Host of the flake that this machine is'] = 'rack' }
  vim.cmd('NixlintSnapshot')
  h.wait('an answer', function()
    return #h.told > 0
  end)
  if h.told[1].level == vim.log.levels.INFO then
    made('hosts/rack/hardware.json')
    h.contains(h.read('hosts/rack/hardware.json'), '"rack"')
  else
    h.contains(h.told[1].message, '/sys') -- there is no machine to be seen
  end
end)

h.case('says what is wrong', function()
  for line, want in pairs({
    ['NixlintNewHost ../attic'] = '../attic',
    ['NixlintNewHost attic2 color=red'] = '`color=red` is not understood',
    ['NixlintNewVm vm host=toaster memory=much'] = '`much` is no size of memory',
    ['NixlintNewVm vm host=toaster cores=0'] = '`0` is no number of cores',
    ['NixlintNewUser 9lives'] = '`9lives` is no name',
    ['NixlintNewModule nixos media'] = '`media` is no name of a module',
    ['NixlintNewHost attic3 disk=nvme'] = '`nvme` is no drive',
    ['NixlintSnapshot ../x'] = 'no name of a host',
  }) do
    h.told = {}
    vim.cmd(line)
    h.wait('an answer to ' .. line, function()
      return #h.told > 0
    end)
    h.same(h.told[1].level, vim.log.levels.ERROR, line)
    h.contains(h.told[1].message, want)
  end
end)

h.case('says at once that a name is taken', function()
  h.answers = { ['Name of the host: '] = 'toaster' }
  vim.cmd('NixlintNewHost')
  h.wait('an error', function()
    return #h.told > 0
  end)
  h.contains(h.told[1].message, 'the host toaster exists already')
end)

h.case('does nothing when a question is left', function()
  h.answers = { ['Name of the host: '] = '' }
  vim.cmd('NixlintNewHost')
  vim.wait(200)
  h.same(h.told, {}, 'told')
end)

h.case('leaves texts that are not written to their author', function()
  vim.cmd('edit users/default.nix')
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { '# mine' })
  vim.cmd('NixlintNewUser kim')
  h.wait('an answer', function()
    return #h.told > 0
  end)
  local text = h.read('users/default.nix')
  assert(not text:find('# mine', 1, true), 'the text is written')
  if h.told[1].level ~= vim.log.levels.ERROR then
    h.same(vim.fn.filereadable('users/kim/default.nix'), 1, 'the file of the user')
    vim.cmd('buffer users/default.nix')
    h.contains(h.buffer(), 'kim')
    h.contains(h.buffer(), '# mine')
  else
    h.contains(h.told[1].message, '`users/default.nix` is not saved')
    h.same(vim.fn.isdirectory('users/kim'), 0, 'the folder of the user')
  end
end)
