-- Asking and showing. What asks must run in a coroutine: see M.start.
local M = {}

function M.error(message)
  vim.notify('nixlint: ' .. message, vim.log.levels.ERROR)
end

function M.info(message)
  vim.notify('nixlint: ' .. message, vim.log.levels.INFO)
end

--- Runs a function that may ask and wait; tells the error that it ends with.
function M.start(f)
  local thread = coroutine.create(f)
  local ok, err = coroutine.resume(thread)
  if not ok then
    M.error(err)
  end
end

--- Calls f with a function to be called once with results, waits for that, and
--- returns the results.
function M.await(f)
  local thread = coroutine.running()
  local results
  local waiting = false
  f(function(...)
    if results then
      return
    end
    results = { n = select('#', ...), ... }
    if waiting then
      local ok, err = coroutine.resume(thread)
      if not ok then
        M.error(err)
      end
    end
  end)
  if not results then
    waiting = true
    coroutine.yield()
  end
  return unpack(results, 1, results.n)
end

local offered = {}

--- Completes the last item of a list with what ask_list offers.
function M.complete(lead)
  local before, last = lead:match('^(.*,)%s*([^,]*)$')
  before, last = before or '', last or lead
  local out = {}
  for _, item in ipairs(offered) do
    if vim.startswith(item, last) then
      table.insert(out, before .. item)
    end
  end
  return out
end

--- Asks for a text; items are offered as completions of each part of a list that
--- commas separate. Returns nil if the question was left.
function M.ask(prompt, items, default)
  offered = items or {}
  return M.await(function(done)
    vim.ui.input({
      prompt = prompt .. ': ',
      default = default,
      completion = #offered > 0 and "customlist,v:lua.require'nixlint.ui'.complete" or nil,
    }, done)
  end)
end

--- Asks for one of several choices, each with a label and a value. Returns the value, or
--- nil if the question was left.
function M.choose(prompt, choices)
  local chosen = M.await(function(done)
    vim.ui.select(choices, {
      prompt = prompt,
      format_item = function(choice)
        return choice.label
      end,
    }, done)
  end)
  return chosen and chosen.value
end

--- Runs a program in a folder. Returns its exit status, output and errors; status is
--- nil if it cannot be started.
function M.system(argv, cwd)
  if vim.fn.executable(argv[1]) == 0 then
    return nil, '', ('`%s` is not an executable program; see :help nixlint-install'):format(argv[1])
  end
  return M.await(function(done)
    local out, err = {}, {}
    vim.fn.jobstart(argv, {
      cwd = cwd,
      stdout_buffered = true,
      stderr_buffered = true,
      on_stdout = function(_, lines)
        out = lines
      end,
      on_stderr = function(_, lines)
        err = lines
      end,
      on_exit = function(_, status)
        done(status, table.concat(out, '\n'), vim.trim(table.concat(err, '\n')))
      end,
    })
  end)
end

--- Shows a text in a buffer of its own, which is taken again for the same name.
function M.scratch(name, filetype, text)
  name = 'nixlint://' .. name
  local bufnr = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?,{}\\') .. '$')
  if bufnr == -1 then
    bufnr = vim.api.nvim_create_buf(true, true)
    vim.api.nvim_buf_set_name(bufnr, name)
  end
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.split(vim.trim(text), '\n'))
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = filetype
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('sbuffer ' .. bufnr)
  end
  vim.wo.wrap = false
end

--- Opens a file with the program that the desktop has for it.
function M.open(file)
  if vim.ui.open then
    local _, err = vim.ui.open(file)
    return not err
  end
  for _, program in ipairs({ 'xdg-open', 'open' }) do
    if vim.fn.executable(program) == 1 then
      return vim.fn.jobstart({ program, file }, { detach = true }) > 0
    end
  end
  return false
end

return M
