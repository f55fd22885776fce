/* The least that a child costs here: start /bin/true and wait for it, in a plain loop. cc -O2 spawn.c -o spawn && ./spawn */
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

int main(void)
{
    enum { children = 1000 };
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < children; i++) {
        pid_t id;
        int status;
        char *arguments[] = { "true", NULL };
        if (posix_spawn(&id, "/bin/true", NULL, NULL, arguments, environ) != 0 || waitpid(id, &status, 0) != id || status != 0) {
            fprintf(stderr, "It failed.\n");
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.0f children a second\n", children / ((end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9));
    return 0;
}
