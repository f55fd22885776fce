// What every C server here begins with: its command line and its listener on 127.0.0.1.
#pragma once

#include <stdnoreturn.h>

// Says what failed, with errno's reason, and ends the process with code 1.
noreturn void die(const char *what);

// The value of "--NAME VALUE", or the fallback.
long option(int count, char **arguments, const char *name, long fallback);

// Listens on 127.0.0.1 and prints the port on a line of its own; port 0 takes a free one. flags: SOCK_NONBLOCK or 0.
int listen_on(long port, int flags);

void set_no_delay(int socket);
