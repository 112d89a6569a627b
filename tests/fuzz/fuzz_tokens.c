/* Any bytes as a file of tokens. What is read has roles, and names of its own; no token is found by
 * chance; and what is wrong is said in a line. */
#include <assert.h>
#include <string.h>

#include "service/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mu_tokens tokens;
    if (mu_tokens_parse(&tokens, (const char *)data, size, "tokens") != MUSTER_OK) {
        assert(tokens.token == NULL && tokens.count == 0);
        assert(strncmp(muster_error_message(), "tokens: ", 8) == 0);
        return 0;
    }
    assert(tokens.count > 0);
    for (uint32_t i = 0; i < tokens.count; ++i) {
        const mu_token *token = &tokens.token[i];
        assert(token->role >= MU_ROLE_READ && token->role < MU_ROLE_COUNT && token->name[0] != 0);
        for (uint32_t k = 0; k < i; ++k) assert(strcmp(token->name, tokens.token[k].name) != 0);
    }
    assert(!mu_tokens_find(&tokens, "a token that nobody has"));
    mu_tokens_free(&tokens);
    return 0;
}
