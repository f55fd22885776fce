// The peer of the HTTP benchmark: server --port P [--body BYTES] answers every request that has no body of its own,
// whatever its method and path, with 200 and the same bytes, by one send, and keeps the connection alive.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../c/epoll_server.h"
#include "../c/listener.h"

static char *s_answer;
static size_t s_answer_length;

static void make_answer(size_t body)
{
    s_answer = malloc(body + 256);
    if (s_answer == NULL)
        die("malloc");
    int head = sprintf(
        s_answer, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n", body);
    memset(s_answer + head, 'x', body);
    s_answer_length = (size_t)head + body;
}

// A request ends with an empty line. The state is how much of that line's CR LF CR LF has been seen, since a
// request may come in pieces.
static void answer(struct connection *connection, const char *bytes, size_t length)
{
    static const char end_of_request[] = "\r\n\r\n";
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == end_of_request[connection->state])
            connection->state++;
        else
            connection->state = bytes[i] == '\r';
        if (connection->state == 4) {
            connection->state = 0;
            reply(connection, s_answer, s_answer_length);
        }
    }
}

int main(int count, char **arguments)
{
    make_answer((size_t)option(count, arguments, "--body", 1024));
    serve(listen_on(option(count, arguments, "--port", 0), SOCK_NONBLOCK), answer);
}
