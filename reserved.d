reserved.o: src/expressions/reserved.c src/base/banned.h \
  src/expressions/reserved.h src/base/slice.h \
  src/expressions/reserved_words.def

src/base/banned.h:

src/expressions/reserved.h:

src/base/slice.h:

src/expressions/reserved_words.def:
