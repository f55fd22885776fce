// The echo server on io_uring, by liburing: uring --port P. Ends with code 3 where the kernel forbids io_uring.
// One system call a pass: it submits the answers, each linked to the next receive, and waits.
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../c/listener.h"

enum { ring_entries = 4096, receive_size = 16 * 1024 };

struct connection {
    int socket;
    char buffer[receive_size];
};

static struct io_uring s_ring;

// What a completion belongs to: the listener, which has no connection, or a receive; a send has the lowest bit set.
static void *of_send(struct connection *connection)
{
    return (char *)connection + 1;
}

static void open_ring(void)
{
    struct io_uring_params parameters = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
    int result = io_uring_queue_init_params(ring_entries, &s_ring, &parameters);
    if (result == -EINVAL)      // before Linux 6.1
        result = io_uring_queue_init(ring_entries, &s_ring, 0);
    if (result != 0) {
        fprintf(stderr, "io_uring is not to be had here: %s\n", strerror(-result));
        exit(3);
    }
}

// Makes room for operations that must be submitted together.
static void ensure_room(unsigned count)
{
    if (io_uring_sq_space_left(&s_ring) < count && io_uring_submit(&s_ring) < 0)
        die("io_uring_submit");
}

static void accept_on(int listener)
{
    ensure_room(1);
    struct io_uring_sqe *entry = io_uring_get_sqe(&s_ring);
    io_uring_prep_multishot_accept(entry, listener, NULL, NULL, SOCK_CLOEXEC);
    io_uring_sqe_set_data(entry, NULL);
}

static void receive(struct connection *connection)
{
    ensure_room(1);
    struct io_uring_sqe *entry = io_uring_get_sqe(&s_ring);
    io_uring_prep_recv(entry, connection->socket, connection->buffer, receive_size, 0);
    io_uring_sqe_set_data(entry, connection);
}

// A send that fails, or is cut short by the peer's end, cancels the receive; MSG_WAITALL sees to all else.
static void echo_and_receive(struct connection *connection, int length)
{
    ensure_room(2);
    struct io_uring_sqe *entry = io_uring_get_sqe(&s_ring);
    io_uring_prep_send(entry, connection->socket, connection->buffer, (size_t)length, MSG_WAITALL | MSG_NOSIGNAL);
    entry->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
    io_uring_sqe_set_data(entry, of_send(connection));
    receive(connection);
}

static void on_accepted(int listener, const struct io_uring_cqe *completion)
{
    if (completion->res >= 0) {
        struct connection *connection = malloc(sizeof *connection);
        if (connection == NULL)
            die("malloc");
        connection->socket = completion->res;
        set_no_delay(connection->socket);
        receive(connection);
    } else if (completion->res != -ECONNABORTED) {
        errno = -completion->res;
        die("accept");
    }
    if (!(completion->flags & IORING_CQE_F_MORE))
        accept_on(listener);
}

static void on_received(struct connection *connection, int result)
{
    if (result > 0) {
        echo_and_receive(connection, result);
    } else if (result == -EINTR) {
        receive(connection);
    } else {
        close(connection->socket);
        free(connection);
    }
}

int main(int count, char **arguments)
{
    open_ring();
    int listener = listen_on(option(count, arguments, "--port", 0), 0);
    accept_on(listener);
    for (;;) {
        int result = io_uring_submit_and_wait(&s_ring, 1);
        if (result < 0 && result != -EINTR) {
            errno = -result;
            die("io_uring_submit_and_wait");
        }
        unsigned head, seen = 0;
        struct io_uring_cqe *completion;
        io_uring_for_each_cqe(&s_ring, head, completion) {
            seen++;
            void *data = io_uring_cqe_get_data(completion);
            if (data == NULL)
                on_accepted(listener, completion);
            else if (((uintptr_t)data & 1) == 0)
                on_received(data, completion->res);
        }
        io_uring_cq_advance(&s_ring, seen);
    }
}
