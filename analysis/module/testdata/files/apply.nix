extra: { lib, ... }: { list = [ extra ]; }
