{ list = [ "plain" ]; }
