// The echo server that the others are measured by: epoll --port P.
#include <sys/socket.h>

#include "../c/epoll_server.h"
#include "../c/listener.h"

int main(int count, char **arguments)
{
    serve(listen_on(option(count, arguments, "--port", 0), SOCK_NONBLOCK), reply);
}
