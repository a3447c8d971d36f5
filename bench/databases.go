package main

func databases(data string) (reader, writer string, err error) { return "", "", nil }
