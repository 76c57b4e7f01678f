-- Neovim as a client, from initialize to exit; run by tests/lsp_editors.py. Prints one line of JSON.
-- ITSUPC is the program, OUT where the answers go.
local said = {}

local function session()
  local function ask(method, line, character, more)
    local params = {
      textDocument = vim.lsp.util.make_text_document_params(),
      position = { line = line, character = character },
    }
    for key, value in pairs(more or {}) do params[key] = value end
    local answers = vim.lsp.buf_request_sync(0, method, params, 10000) or {}
    for _, answer in pairs(answers) do return answer.result end
  end

  local function codes()
    local list = {}
    for _, d in ipairs(vim.diagnostic.get(0)) do table.insert(list, d.code or d.user_data.lsp.code) end
    table.sort(list)
    return list
  end

  local exited
  local client = vim.lsp.start_client({
    name = 'itsupc',
    cmd = { vim.env.ITSUPC, 'lsp' },
    root_dir = vim.fn.getcwd(),
    on_exit = function(code) exited = code end,
  })
  vim.lsp.buf_attach_client(0, client)
  vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end)
  said.before = codes()
  said.hover = (ask('textDocument/hover', 0, 9) or {}).contents.value
  said.definition = ask('textDocument/definition', 1, 30)[1].range.start
  said.items = #(ask('textDocument/completion', 1, 26).items)

  -- an edit of the buffer: the finding goes
  vim.api.nvim_buf_set_text(0, 2, 2, 2, 7, { 'health' })
  vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 end)
  said.after = codes()

  -- what is formatted reaches the buffer
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'let   x=1' })
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = 10000 })
  else -- before 0.8
    vim.lsp.buf.formatting_sync({}, 10000)
  end
  said.last = vim.api.nvim_buf_get_lines(0, -2, -1, false)[1]

  -- a fix is taken
  vim.api.nvim_buf_set_text(0, 2, 2, 2, 8, { 'helth' })
  vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end)
  local actions = ask('textDocument/codeAction', 2, 3, {
    range = { start = { line = 2, character = 3 }, ['end'] = { line = 2, character = 3 } },
    context = { diagnostics = {} },
  })
  vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
  said.fixed = vim.api.nvim_buf_get_lines(0, 2, 3, false)[1]

  vim.lsp.stop_client(client)
  vim.wait(10000, function() return exited ~= nil end)
  said.exit = exited
end

local fine, why = pcall(session)
if not fine then said.error = why end
vim.fn.writefile({ vim.fn.json_encode(said) }, vim.env.OUT)
vim.cmd('qall!')
