-- How Neovim 0.11 and later start the server: see :help lsp-config. Everything
-- here can be overridden by vim.lsp.config('nixlint', { … }).
return require('nixlint.client').config()
