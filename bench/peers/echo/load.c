// The load of the echo benchmark, in a closed loop: each connection has one request under way.
//
//   load --port P [--connections N] [--size BYTES] [--seconds S] [--warm-up S] [--server-pid PID] [--mark]
//
// prints one line of JSON about the seconds after the warm-up: requests, latencies, and with the server's pid the
// processor time that it took meanwhile, read at the same two moments as the count. --mark sends it SIGUSR1 at both.
// Every byte that comes back is compared. A stall, a closed connection or a wrong byte ends it with code 1.
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "../c/listener.h"
#include "histogram.h"

enum { most_events = 512, receive_size = 256 * 1024, spread = 4096, stall_milliseconds = 5000 };

struct connection {
    int socket;
    unsigned number;
    unsigned request;
    size_t sent;
    size_t received;
    uint64_t begun;
    bool waits_for_room;
};

struct options {
    long port, connections, size, pid;
    double seconds, warm_up;
    bool mark;
};

struct moment {
    uint64_t wall, server, self;
};

static struct options s_options = {.connections = 1, .size = 1024, .seconds = 2, .warm_up = 0.5};
static int s_epoll;
static char *s_pattern;
static char s_buffer[receive_size];
static struct histogram s_latencies;
static uint64_t s_requests, s_requests_before;
static bool s_measuring;

static uint64_t read_clock(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0)
        die("clock_gettime");
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

// Its clock counts all threads, those that ended too, up to this moment.
static struct moment take_moment(void)
{
    struct moment moment = {.wall = now(), .self = read_clock(CLOCK_PROCESS_CPUTIME_ID)};
    clockid_t clock;
    if (s_options.pid != 0) {
        if ((errno = clock_getcpuclockid((pid_t)s_options.pid, &clock)) != 0)
            die("the server's clock");
        moment.server = read_clock(clock);
        if (s_options.mark && kill((pid_t)s_options.pid, SIGUSR1) != 0)
            die("SIGUSR1");
    }
    return moment;
}

// Other bytes for each connection and request, so that an echo of something else is noticed.
static const char *message_of(const struct connection *connection)
{
    return s_pattern + (connection->number * 977u + connection->request * 131u) % spread;
}

static void make_pattern(void)
{
    size_t length = (size_t)s_options.size + spread;
    s_pattern = malloc(length);
    if (s_pattern == NULL)
        die("malloc");
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        s_pattern[i] = (char)state;
    }
}

static void watch(struct connection *connection, int verb, bool waits_for_room)
{
    struct epoll_event event = {.events = EPOLLIN | (waits_for_room ? EPOLLOUT : 0), .data.ptr = connection};
    if (epoll_ctl(s_epoll, verb, connection->socket, &event) != 0)
        die("epoll_ctl");
    connection->waits_for_room = waits_for_room;
}

static void send_rest(struct connection *connection)
{
    size_t size = (size_t)s_options.size;
    const char *message = message_of(connection);
    while (connection->sent < size) {
        ssize_t sent = send(
            connection->socket, message + connection->sent, size - connection->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN)
            die("send");
        if (sent < 0)
            break;
        connection->sent += (size_t)sent;
    }
    bool waits = connection->sent < size;
    if (waits != connection->waits_for_room)
        watch(connection, EPOLL_CTL_MOD, waits);
}

static void begin_request(struct connection *connection)
{
    connection->sent = connection->received = 0;
    connection->begun = now();
    send_rest(connection);
}

static void receive(struct connection *connection)
{
    ssize_t length = recv(connection->socket, s_buffer, sizeof s_buffer, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0) {
        fprintf(stderr, "the server closed connection %u\n", connection->number);
        exit(1);
    }
    size_t end = connection->received + (size_t)length;
    if (end > connection->sent || memcmp(s_buffer, message_of(connection) + connection->received, (size_t)length) != 0) {
        fprintf(stderr, "connection %u, request %u: bytes %zu to %zu are not those that were sent\n",
            connection->number, connection->request, connection->received, end);
        exit(1);
    }
    connection->received = end;
    if (end < (size_t)s_options.size)
        return;

    s_requests++;
    if (s_measuring)
        add(&s_latencies, now() - connection->begun);
    connection->request++;
    begin_request(connection);
}

static struct connection *connect_all(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)s_options.port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct connection *connections = calloc((size_t)s_options.connections, sizeof *connections);
    if (connections == NULL)
        die("calloc");
    for (long i = 0; i < s_options.connections; i++) {
        struct connection *connection = &connections[i];
        connection->number = (unsigned)i;
        connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connection->socket < 0)
            die("socket");
        if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0)
            die("connect");
        set_no_delay(connection->socket);
        watch(connection, EPOLL_CTL_ADD, false);
    }
    return connections;
}

static void run_until(uint64_t end)
{
    struct epoll_event events[most_events];
    while (now() < end) {
        int count = epoll_wait(s_epoll, events, most_events, stall_milliseconds);
        if (count < 0 && errno != EINTR)
            die("epoll_wait");
        if (count == 0) {
            fprintf(stderr, "nothing came back for %d ms\n", stall_milliseconds);
            exit(1);
        }
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT)
                send_rest(connection);
            if (events[i].events & ~(uint32_t)EPOLLOUT)
                receive(connection);
        }
    }
}

static void print(struct moment begin, struct moment end)
{
    uint64_t requests = s_requests - s_requests_before;
    double seconds = (double)(end.wall - begin.wall) * 1e-9;
    printf("{\"connections\": %ld, \"size\": %ld, \"seconds\": %.4f, \"requests\": %lu, \"all_requests\": %lu, "
           "\"requests_per_second\": %.1f, \"p50_us\": %.2f, \"p99_us\": %.2f, \"load_busy\": %.3f",
        s_options.connections, s_options.size, seconds, requests, s_requests, (double)requests / seconds,
        (double)percentile(&s_latencies, 0.5) * 1e-3, (double)percentile(&s_latencies, 0.99) * 1e-3,
        (double)(end.self - begin.self) * 1e-9 / seconds);
    if (s_options.pid != 0) {
        double server = (double)(end.server - begin.server);
        printf(", \"server_us\": %.4f, \"server_busy\": %.3f", server * 1e-3 / (double)requests, server * 1e-9 / seconds);
    }
    printf("}\n");
}

static void parse(int count, char **arguments)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'}, {"connections", required_argument, NULL, 'c'},
        {"size", required_argument, NULL, 's'}, {"seconds", required_argument, NULL, 't'},
        {"warm-up", required_argument, NULL, 'w'}, {"server-pid", required_argument, NULL, 'i'},
        {"mark", no_argument, NULL, 'm'}, {NULL, 0, NULL, 0},
    };
    for (int letter; (letter = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        switch (letter) {
        case 'p': s_options.port = atol(optarg); break;
        case 'c': s_options.connections = atol(optarg); break;
        case 's': s_options.size = atol(optarg); break;
        case 't': s_options.seconds = atof(optarg); break;
        case 'w': s_options.warm_up = atof(optarg); break;
        case 'i': s_options.pid = atol(optarg); break;
        case 'm': s_options.mark = true; break;
        default: exit(2);
        }
    }
    if (s_options.port <= 0 || s_options.connections <= 0 || s_options.size <= 0 || s_options.seconds <= 0) {
        fprintf(stderr, "load --port P, and positive --connections, --size and --seconds\n");
        exit(2);
    }
}

int main(int count, char **arguments)
{
    parse(count, arguments);
    make_pattern();
    s_epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s_epoll < 0)
        die("epoll_create1");
    struct connection *connections = connect_all();
    for (long i = 0; i < s_options.connections; i++)
        begin_request(&connections[i]);

    run_until(now() + (uint64_t)(s_options.warm_up * 1e9));
    s_measuring = true;
    s_requests_before = s_requests;
    struct moment begin = take_moment();
    run_until(begin.wall + (uint64_t)(s_options.seconds * 1e9));
    struct moment end = take_moment();
    print(begin, end);
}
