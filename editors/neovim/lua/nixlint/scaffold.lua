-- What is asked about each thing that can be scaffolded. The keys are those of the
-- server's commands; the flags are those of `nixlint new`.
local M = {}

local function names(list)
  local out = {}
  for _, item in ipairs(list or {}) do
    table.insert(out, item.name)
  end
  return out
end

local function hosts(graph)
  return names(graph.hosts)
end

local function users(graph)
  return names(graph.users)
end

-- The keys of the registry of system modules, without what the registry is called.
local function modules(graph)
  local out = {}
  for _, module in ipairs(graph.modules or {}) do
    if module.kind == 'nixos' and module.name then
      local key = module.name:match('%.nixos%.(.+)$')
      if key then
        table.insert(out, key)
      end
    end
  end
  return out
end

local function both(graph)
  return vim.list_extend(hosts(graph), users(graph))
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
    { key = 'name', prompt = 'Name of the host', required = true },
    { key = 'users', flag = '--users', prompt = 'Users', list = true, choices = users },
    { key = 'modules', flag = '--modules', prompt = 'Modules', list = true, choices = modules },
    { key = 'disk', flag = '--disk', prompt = 'Drive to install on' },
    { key = 'system', flag = '--system' },
  },
}

M.NewUser = {
  command = 'nixlint.newUser',
  argv = { 'new', 'user' },
  fields = {
    { key = 'name', prompt = 'Name of the user', required = true },
    { key = 'description', flag = '--description', prompt = 'Full name' },
    { key = 'groups', flag = '--groups', prompt = 'Groups', list = true },
    { key = 'hosts', flag = '--hosts', prompt = 'Hosts', list = true, choices = hosts },
    { key = 'shell', flag = '--shell' },
  },
}

M.NewModule = {
  command = 'nixlint.newModule',
  argv = { 'new', 'module' },
  fields = {
    {
      key = 'kind',
      prompt = 'Kind of module',
      required = true,
      choice = true,
      choices = function()
        return { 'nixos', 'home' }
      end,
    },
    { key = 'name', prompt = 'Module, as category/feature', required = true },
    { key = 'importIn', flag = '--import-in', prompt = 'Import in this host or user', choices = both },
    { key = 'options', flag = '--option', list = true, repeated = true },
  },
}

M.NewVm = {
  command = 'nixlint.newVm',
  argv = { 'new', 'vm' },
  fields = {
    { key = 'name', prompt = 'Name of the virtual machine', required = true },
    { key = 'host', flag = '--host', prompt = 'Host', required = true, choice = true, choices = hosts },
    { key = 'memory', flag = '--memory', prompt = 'Memory, such as 16G', parse = mebibytes },
    { key = 'cores', flag = '--cores', prompt = 'Cores', parse = count },
    { key = 'gpu', flag = '--gpu', prompt = 'Graphics card: an address, or auto' },
    { key = 'resolution', flag = '--resolution', prompt = 'Looking Glass: resolution' },
  },
}

--- Reads the text of a field. Returns nil and an error message if it is wrong.
function M.parse(field, text)
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
    return field.parse(text)
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
