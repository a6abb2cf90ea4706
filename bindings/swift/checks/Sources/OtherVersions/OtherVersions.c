// Stands between the bindings and the library, and answers as a library of another version would.

#include "OtherVersions.h"

#include <stdint.h>
#include <string.h>

static enum pretence pretended = SAME;

void pretend(enum pretence pretence) { pretended = pretence; }

uint32_t __real_ffi_attesta_ffi_uniffi_contract_version(void);

uint32_t __wrap_ffi_attesta_ffi_uniffi_contract_version(void) {
    return __real_ffi_attesta_ffi_uniffi_contract_version() + (pretended == OTHER_CONTRACT);
}

uint16_t __real_uniffi_attesta_ffi_checksum_func_issue(void);

uint16_t __wrap_uniffi_attesta_ffi_checksum_func_issue(void) {
    return (uint16_t)(__real_uniffi_attesta_ffi_checksum_func_issue() + (pretended == OTHER_FUNCTIONS));
}

// As in the generated header.
struct rust_buffer {
    uint64_t capacity;
    uint64_t len;
    uint8_t *data;
};
struct foreign_bytes {
    int32_t len;
    const uint8_t *data;
};

struct rust_buffer ffi_attesta_ffi_rustbuffer_from_bytes(struct foreign_bytes bytes, void *status);
struct rust_buffer __real_uniffi_attesta_ffi_fn_func_library_version(void *status);

struct rust_buffer __wrap_uniffi_attesta_ffi_fn_func_library_version(void *status) {
    static const char other[] = "9.9.9";
    if (pretended != OTHER_VERSION) return __real_uniffi_attesta_ffi_fn_func_library_version(status);
    struct foreign_bytes bytes = {(int32_t)strlen(other), (const uint8_t *)other};
    return ffi_attesta_ffi_rustbuffer_from_bytes(bytes, status);
}
