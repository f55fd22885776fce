// A TCP server on one thread: level-triggered epoll, each descriptor registered once, one receive an event.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct connection {
    int socket;
    int state;              // the handler's own, 0 at first
    uint32_t interest;
    char *unsent;           // what the peer did not take at once; nothing is received while there is some
    size_t unsent_length;
    size_t unsent_begin;
};

// Called with what one receive brought.
typedef void received_handler(struct connection *connection, const char *bytes, size_t length);

// Never returns.
void serve(int listener, received_handler *received);

// Sends at once, by one system call as a rule; what is not taken is kept and sent later.
void reply(struct connection *connection, const char *bytes, size_t length);
