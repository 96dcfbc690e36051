"str"
