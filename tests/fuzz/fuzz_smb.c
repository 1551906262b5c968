/* fuzz_smb.c - any bytes as what an SMB server says, to both probes. */
#include <stdint.h>

#include "probes/table.h"
#include "talk_bytes.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	talk_bytes(&probe_smb, p, len);
	talk_bytes(&probe_smb_oldest, p, len);
	return 0;
}
