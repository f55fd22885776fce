#include "epoll_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"

enum { most_events = 512, receive_size = 64 * 1024 };

static int s_epoll;
static char s_buffer[receive_size];

static void set_interest(struct connection *connection, uint32_t interest)
{
    if (connection->interest == interest)
        return;
    struct epoll_event event = {.events = interest, .data.ptr = connection};
    int verb = connection->interest == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(s_epoll, verb, connection->socket, &event) != 0)
        die("epoll_ctl");
    connection->interest = interest;
}

static void end(struct connection *connection)
{
    close(connection->socket);
    free(connection->unsent);
    free(connection);
}

// How many bytes the kernel took. A broken connection takes all: its next event ends it.
static size_t send_some(struct connection *connection, const char *bytes, size_t length)
{
    ssize_t sent = send(connection->socket, bytes, length, MSG_NOSIGNAL);
    if (sent >= 0)
        return (size_t)sent;
    return errno == EAGAIN || errno == EINTR ? 0 : length;
}

static void keep(struct connection *connection, const char *bytes, size_t length)
{
    char *unsent = realloc(connection->unsent, connection->unsent_length + length);
    if (unsent == NULL)
        die("realloc");
    memcpy(unsent + connection->unsent_length, bytes, length);
    connection->unsent = unsent;
    connection->unsent_length += length;
    set_interest(connection, EPOLLOUT);
}

void reply(struct connection *connection, const char *bytes, size_t length)
{
    size_t sent = connection->unsent_length == 0 ? send_some(connection, bytes, length) : 0;
    if (sent < length)
        keep(connection, bytes + sent, length - sent);
}

static void send_unsent(struct connection *connection)
{
    connection->unsent_begin += send_some(
        connection, connection->unsent + connection->unsent_begin, connection->unsent_length - connection->unsent_begin);
    if (connection->unsent_begin < connection->unsent_length)
        return;
    free(connection->unsent);
    connection->unsent = NULL;
    connection->unsent_length = connection->unsent_begin = 0;
    set_interest(connection, EPOLLIN);
}

static void receive(struct connection *connection, received_handler *received)
{
    ssize_t length = recv(connection->socket, s_buffer, sizeof s_buffer, 0);
    if (length > 0)
        received(connection, s_buffer, (size_t)length);
    else if (length == 0 || (errno != EAGAIN && errno != EINTR))
        end(connection);
}

static void accept_all(int listener)
{
    for (;;) {
        int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) {
            if (errno == EAGAIN)
                return;
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            die("accept4");
        }
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL)
            die("calloc");
        connection->socket = socket;
        set_no_delay(socket);
        set_interest(connection, EPOLLIN);
    }
}

void serve(int listener, received_handler *received)
{
    s_epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s_epoll < 0)
        die("epoll_create1");
    struct epoll_event listening = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(s_epoll, EPOLL_CTL_ADD, listener, &listening) != 0)
        die("epoll_ctl");

    struct epoll_event events[most_events];
    for (;;) {
        int count = epoll_wait(s_epoll, events, most_events, -1);
        if (count < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == NULL)
                accept_all(listener);
            else if (connection->unsent != NULL)
                send_unsent(connection);
            else
                receive(connection, received);
        }
    }
}
