/* What a small image with a static C library does to find a name: prints every IPv4 address of its argument. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int count, char **arguments)
{
    struct addrinfo hints, *found, *each;
    char text[INET_ADDRSTRLEN];
    int code;

    if (count != 2) return 64;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    code = getaddrinfo(arguments[1], NULL, &hints, &found);
    if (code != 0) {
        puts(gai_strerror(code));
        return 2;
    }
    for (each = found; each != NULL; each = each->ai_next) {
        struct sockaddr_in *address = (struct sockaddr_in *)each->ai_addr;
        puts(inet_ntop(AF_INET, &address->sin_addr, text, sizeof text));
    }
    return 0;
}
