autocmd BufNewFile,BufRead *.itsup setfiletype itsup
