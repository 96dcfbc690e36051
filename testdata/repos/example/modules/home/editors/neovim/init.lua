vim.g.mapleader = " "

vim.opt.expandtab = true
vim.opt.number = true
vim.opt.shiftwidth = 2
vim.opt.undofile = true

require("gitsigns").setup()

local telescope = require("telescope.builtin")
vim.keymap.set("n", "<leader>f", telescope.find_files)
vim.keymap.set("n", "<leader>/", telescope.live_grep)

vim.lsp.config("nixlint", { cmd = { "nixlint", "lsp" }, filetypes = { "nix" }, root_markers = { "flake.nix" } })
vim.lsp.enable({ "gopls", "nixlint", "rust_analyzer" })
