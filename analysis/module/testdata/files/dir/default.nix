{ list = [ "dir" ]; }
