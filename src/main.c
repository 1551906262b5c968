/* main.c - picks the command; knows nothing else. */
#include <stdio.h>

int
main(void)
{
	fputs("exvet: not yet\n", stderr);
	return 2;
}
