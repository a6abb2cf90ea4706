/// What the library pretends to be, from the next call on.
enum pretence { SAME, OTHER_CONTRACT, OTHER_FUNCTIONS, OTHER_VERSION };

void pretend(enum pretence pretence);
