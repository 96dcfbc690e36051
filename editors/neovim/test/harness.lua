-- What the tests share. Neovim reads this before the plugin, in a copy of a
-- repository; harness.run then runs a script of tests and ends Neovim.
harness = { cases = {}, told = {}, answers = {} }

local plugin = os.getenv('NIXLINT_PLUGIN')
local command_line = table.concat(vim.v.argv, ' ')
vim.opt.runtimepath:prepend(plugin)
vim.opt.swapfile = false
vim.g.nixlint = {
  cmd = { os.getenv('NIXLINT_PROGRAM') },
  format_on_save = true,
  -- Some do without a server, or start it themselves.
  enable = not (command_line:find('program_test', 1, true) or command_line:find('readme_test', 1, true)),
}

vim.notify = function(message, level)
  table.insert(harness.told, { message = message, level = level })
end

-- Questions are answered from harness.answers, by their prompt.
local function answer(prompt)
  local text = harness.answers[prompt]
  if text == nil then
    error(('nobody expects the question `%s`'):format(prompt))
  end
  return text
end

vim.ui.input = function(options, done)
  done(answer(options.prompt))
end

vim.ui.select = function(items, options, done)
  local wanted = answer(options.prompt)
  local shown = {}
  for _, item in ipairs(items) do
    local text = (options.format_item or tostring)(item)
    table.insert(shown, text)
    if text == wanted then
      done(item)
      return
    end
  end
  error(('`%s` is not among %s'):format(wanted, table.concat(shown, ', ')))
end

--- Adds a test.
function harness.case(name, f)
  table.insert(harness.cases, { name = name, f = f })
end

--- Waits until f returns something, and returns that.
function harness.wait(what, f)
  local result
  vim.wait(20000, function()
    result = f()
    return result
  end, 20)
  if not result then
    local shown = vim.tbl_map(function(d)
      return ('%d: %s'):format(d.lnum + 1, d.message)
    end, vim.diagnostic.get(0))
    error(('waited in vain for %s; told: %s; shown: %s'):format(what, vim.inspect(harness.told), vim.inspect(shown)), 2)
  end
  return result
end

--- Fails unless both are the same.
function harness.same(got, want, what)
  if not vim.deep_equal(got, want) then
    error(('%s: got %s, want %s'):format(what or 'value', vim.inspect(got), vim.inspect(want)), 2)
  end
end

--- Fails unless a text contains another.
function harness.contains(text, part)
  if not text:find(part, 1, true) then
    error(('`%s` is not in: %s'):format(part, text), 2)
  end
end

--- Returns the text of a file of the repository, or nil.
function harness.read(file)
  local f = io.open(file, 'rb')
  if f then
    local text = f:read('*a')
    f:close()
    return text
  end
end

--- Writes a file of the repository.
function harness.write(file, text)
  local f = assert(io.open(file, 'wb'))
  f:write(text)
  f:close()
end

--- Replaces a plain text that is in a file once.
function harness.replace(file, from, to)
  local text = assert(harness.read(file), file)
  local first, last = text:find(from, 1, true)
  assert(first and not text:find(from, last + 1, true), ('`%s` is not once in %s'):format(from, file))
  harness.write(file, text:sub(1, first - 1) .. to .. text:sub(last + 1))
end

--- Returns the text of the current buffer.
function harness.buffer()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

--- Puts the cursor at the beginning of a plain text that is in the current buffer.
function harness.go(text)
  for i, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local at = line:find(text, 1, true)
    if at then
      vim.api.nvim_win_set_cursor(0, { i, at - 1 })
      return
    end
  end
  error(('`%s` is not in the buffer'):format(text), 2)
end

--- Returns the client of the repository, when it has started.
function harness.client()
  return harness.wait('the server', function()
    local client = require('nixlint.client').of_root(vim.fn.getcwd())
    return client and client.server_capabilities and vim.lsp.buf_is_attached(0, client.id) and client
  end)
end

--- Runs nixlint in the repository and returns its output and exit status.
function harness.nixlint(...)
  local out = vim.fn.system(require('nixlint').argv(...))
  return out, vim.v.shell_error
end

--- Runs the tests of a script and ends Neovim, with status 1 if one failed.
function harness.run(script)
  local failed = false
  local ok, err = pcall(dofile, script)
  if not ok then
    failed = true
    io.stderr:write(err .. '\n')
  end
  for _, case in ipairs(harness.cases) do
    harness.told, harness.answers = {}, {}
    ok, err = xpcall(case.f, debug.traceback)
    if not ok then
      failed = true
      io.stderr:write(('FAIL %s: %s\n'):format(case.name, err))
    end
  end
  if #harness.cases == 0 then
    failed = true
    io.stderr:write('there are no tests\n')
  end
  vim.cmd(failed and 'cquit 1' or 'qall!')
end
