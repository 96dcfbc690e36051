x: { list = [ x ]; }
