-- Starts `itsupc lsp` for a buffer of Neovim, by its own client.
local M = {}

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  local found = vim.fn.finddir('.git', vim.fn.escape(folder, ' ;') .. ';')
  return found ~= '' and vim.fn.fnamemodify(found, ':p:h:h') or folder
end

-- What a code lens runs: which router answers, in a window of its own.
local function trace(command)
  local said = vim.fn.systemlist({ 'itsupc', 'trace', '--color', 'never', '--', command.arguments[1] })
  vim.lsp.util.open_floating_preview(said, '', { border = 'single' })
end

local clients = {}

-- Neovim before 0.8 has no vim.lsp.start: one client for each root.
local function start(config)
  if vim.lsp.start then return vim.lsp.start(config) end
  local id = clients[config.root_dir]
  if not id or not vim.lsp.get_client_by_id(id) then
    id = vim.lsp.start_client(config)
    clients[config.root_dir] = id
  end
  if id then vim.lsp.buf_attach_client(0, id) end
end

function M.attach()
  local path = vim.api.nvim_buf_get_name(0)
  if path == '' or vim.bo.buftype ~= '' then return end
  local root = root_of(path)
  vim.lsp.commands['itsupc.trace'] = trace
  start({
    name = 'itsupc',
    cmd = { 'itsupc', 'lsp' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = vim.fn.fnamemodify(root, ':t') } },
    on_attach = function(_, buffer)
      vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
      if vim.lsp.tagfunc then vim.bo[buffer].tagfunc = 'v:lua.vim.lsp.tagfunc' end
      vim.keymap.set('n', 'K', vim.lsp.buf.hover, { buffer = buffer })
    end,
  })
end

return M
