-- The settings, which are read from vim.g.nixlint each time, so that it does not
-- matter whether they are set before or after the plugin is loaded.
local M = {}

-- Every setting with its default. doc/nixlint.txt says what they mean.
local defaults = {
  cmd = { 'nixlint' },
  enable = true,
  format_on_save = false,
  init_options = {},
}

-- Returns the settings that are right, and a sentence for each mistake.
local function read()
  local given = vim.g.nixlint or {}
  local right = vim.deepcopy(defaults)
  if type(given) ~= 'table' then
    return right, { 'vim.g.nixlint must be a table' }
  end
  local out = {}
  for key, value in pairs(given) do
    local default = defaults[key]
    if default == nil then
      table.insert(out, ('`%s` is no setting of nixlint'):format(key))
    elseif type(value) ~= type(default) then
      table.insert(out, ('`%s` must be a %s'):format(key, type(default)))
    elseif key == 'cmd' and (#value == 0 or type(value[1]) ~= 'string') then
      table.insert(out, "`cmd` must be a list of strings such as { 'nixlint' }")
    else
      right[key] = value
    end
  end
  table.sort(out)
  return right, out
end

--- Returns what is wrong with vim.g.nixlint, one sentence for each mistake.
function M.mistakes()
  local _, mistakes = read()
  return mistakes
end

local told = false

--- Returns the settings in force. Wrong ones are told once and then not used.
function M.options()
  local right, mistakes = read()
  if #mistakes > 0 and not told then
    told = true
    vim.notify('nixlint: ' .. table.concat(mistakes, '; '), vim.log.levels.ERROR)
  end
  return right
end

--- Returns the command line of nixlint with further arguments.
function M.argv(...)
  local out = vim.deepcopy(M.options().cmd)
  return vim.list_extend(out, { ... })
end

return M
