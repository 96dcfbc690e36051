-- What is asked about each thing that can be scaffolded: the same questions as in the
-- extension for VS Code. The keys are those of the server's commands, the flags those
-- of `nixlint new`, and what is offered comes from the server's command
-- nixlint.describe, whose result docs/editor.md describes.
local M = {}

-- Returns things that have names as choices.
local function named(things)
  return vim.tbl_map(function(thing)
    return { label = thing.name, value = thing.name }
  end, things)
end

local function hosts(of)
  return named(of.hosts)
end

local function users(of)
  return named(of.users)
end

-- The keys of the registry of system modules.
local function modules(of)
  local out = {}
  for _, module in ipairs(of.modules) do
    if module.kind == 'nixos' and module.key then
      table.insert(out, { label = module.key, value = module.key })
    end
  end
  return out
end

local function kinds()
  return { { label = 'nixos: for systems', value = 'nixos' }, { label = 'home: for homes, by home-manager', value = 'home' } }
end

local function importers(of, values)
  local out = values.kind == 'home' and users(of) or hosts(of)
  table.insert(out, 1, { label = 'Import it nowhere yet', value = '' })
  return out
end

-- The graphics cards of the machine of the host that was chosen.
local function cards(of, values)
  local out = {}
  local devices = {}
  for _, host in ipairs(of.hosts) do
    devices = host.name == values.host and host.devices or devices
  end
  for _, device in ipairs(devices) do
    if device.display then
      local facts = { ('[%s]'):format(device.id) }
      if device.group then
        table.insert(facts, ('IOMMU group %d'):format(device.group))
      end
      if device.driver then
        table.insert(facts, 'driver ' .. device.driver)
      end
      if device.boot then
        table.insert(facts, 'the host starts on it')
      end
      local label = ('%s, %s: %s'):format(device.name or 'graphics card', device.address, table.concat(facts, ', '))
      table.insert(out, { label = label, value = device.address })
    end
  end
  if #out > 1 then
    table.insert(out, 1, { label = 'Automatic: the card on which the host does not start', value = 'auto' })
  end
  local none = 'None: it is seen through a window of the host'
  if #devices == 0 then
    none = 'None: the machine of this host is not known; :NixlintSnapshot, on that machine, tells its graphics cards'
  end
  table.insert(out, 1, { label = none, value = '' })
  return out
end

-- Returns a reader of the name of something that is not among others yet.
local function new_name(what, list)
  return function(text, of)
    if not text:match('^[%a_][%w_-]*$') then
      return nil, ('`%s` is no name: it has letters, digits, - and _, and begins with a letter'):format(text)
    end
    for _, other in ipairs(of and of[list] or {}) do
      if other.name == text then
        return nil, ('the %s %s exists already'):format(what, text)
      end
    end
    return text
  end
end

local function module_name(text)
  local parts = vim.split(text, '/')
  for _, part in ipairs(parts) do
    if #parts < 2 or not part:match('^[%a_][%w_-]*$') then
      return nil, ('`%s` is no name of a module: write category/feature, such as services/media-server'):format(text)
    end
  end
  return text
end

local function disk(text)
  if not text:match('^/dev/%S+$') then
    return nil, ('`%s` is no drive: name a device, such as /dev/disk/by-id/nvme-Example'):format(text)
  end
  return text
end

-- Reads a size of memory in MiB: 8192, 8192M or 8G.
local function mebibytes(text)
  local number, unit = text:match('^(%d+)([MG]?)$')
  number = tonumber(number)
  if not number or number == 0 then
    return nil, ('`%s` is no size of memory: write 8192 for MiB, or 8G'):format(text)
  end
  return unit == 'G' and number * 1024 or number
end

local function count(text)
  local number = text:match('^%d+$') and tonumber(text)
  if not number or number == 0 then
    return nil, ('`%s` is no number of cores'):format(text)
  end
  return number
end

-- A field is asked for with its prompt. choices are offered; of a choice one has to be
-- taken. Fields without a prompt are only given as KEY=VALUE. Without a flag a field is
-- a word of the command line.
M.NewHost = {
  command = 'nixlint.newHost',
  argv = { 'new', 'host' },
  fields = {
    { key = 'name', prompt = 'Name of the host', required = true, parse = new_name('host', 'hosts') },
    { key = 'users', flag = '--users', prompt = 'Users of the host', list = true, choices = users },
    { key = 'modules', flag = '--modules', prompt = 'Modules that it imports', list = true, choices = modules },
    { key = 'disk', flag = '--disk', prompt = 'Drive to install on; may be left empty', parse = disk },
    { key = 'system', flag = '--system' },
  },
}

M.NewUser = {
  command = 'nixlint.newUser',
  argv = { 'new', 'user' },
  fields = {
    { key = 'name', prompt = 'Name of the account', required = true, parse = new_name('user', 'users') },
    { key = 'description', flag = '--description', prompt = 'Full name; may be left empty' },
    { key = 'groups', flag = '--groups', prompt = 'Further groups, separated by commas; may be left empty', list = true },
    { key = 'hosts', flag = '--hosts', prompt = 'Hosts that get the account', list = true, choices = hosts },
    { key = 'shell', flag = '--shell' },
  },
}

M.NewModule = {
  command = 'nixlint.newModule',
  argv = { 'new', 'module' },
  fields = {
    { key = 'kind', prompt = 'Whose module is it?', required = true, choice = true, choices = kinds },
    { key = 'name', prompt = 'Name of the module, as category/feature', required = true, parse = module_name },
    { key = 'importIn', flag = '--import-in', prompt = 'Host or user that imports it', choice = true, choices = importers },
    { key = 'options', flag = '--option', list = true, repeated = true },
  },
}

M.NewVm = {
  command = 'nixlint.newVm',
  argv = { 'new', 'vm' },
  fields = {
    { key = 'host', flag = '--host', prompt = 'Host of the virtual machine', required = true, choice = true, choices = hosts },
    { key = 'name', prompt = 'Name of the virtual machine', required = true, parse = new_name('virtual machine') },
    { key = 'memory', flag = '--memory', prompt = 'Memory', default = '8G', parse = mebibytes },
    { key = 'cores', flag = '--cores', prompt = 'Cores', default = '4', parse = count },
    { key = 'gpu', flag = '--gpu', prompt = 'Graphics card that it gets for itself', choice = true, choices = cards },
    { key = 'resolution', flag = '--resolution' },
  },
}

--- Reads the text of a field; of is the description of the repository, if there is
--- one. Returns nil and an error message if the text is wrong.
function M.parse(field, text, of)
  if field.list then
    local out = {}
    for part in text:gmatch('[^,]+') do
      part = vim.trim(part)
      if part ~= '' then
        table.insert(out, part)
      end
    end
    return out
  end
  text = vim.trim(text)
  if field.parse then
    return field.parse(text, of)
  end
  return text
end

--- Returns the arguments of nixlint for a scaffold with values.
function M.argv(scaffold, values)
  local out, words = vim.deepcopy(scaffold.argv), {}
  for _, field in ipairs(scaffold.fields) do
    local value = values[field.key]
    if value ~= nil then
      if not field.flag then
        table.insert(words, value)
      elseif field.repeated then
        for _, v in ipairs(value) do
          table.insert(out, field.flag .. '=' .. v)
        end
      else
        table.insert(out, field.flag .. '=' .. (field.list and table.concat(value, ',') or tostring(value)))
      end
    end
  end
  table.insert(out, '--')
  return vim.list_extend(out, words)
end

return M
