#include "listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { backlog = 1024 };

noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

long option(int count, char **arguments, const char *name, long fallback)
{
    for (int i = 1; i + 1 < count; i++) {
        if (strcmp(arguments[i], name) != 0)
            continue;
        char *end;
        long value = strtol(arguments[i + 1], &end, 10);
        if (*end != '\0' || end == arguments[i + 1] || value < 0) {
            fprintf(stderr, "%s wants a number, not '%s'\n", name, arguments[i + 1]);
            exit(2);
        }
        return value;
    }
    return fallback;
}

int listen_on(long port, int flags)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (listener < 0)
        die("socket");
    int one = 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0)
        die("SO_REUSEADDR");

    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) != 0)
        die("bind");
    if (listen(listener, backlog) != 0)
        die("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        die("getsockname");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

void set_no_delay(int socket)
{
    int one = 1;
    if (setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
        die("TCP_NODELAY");
}
