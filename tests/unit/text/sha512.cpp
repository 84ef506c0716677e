#include <verdant/text/python_float.hpp>
#include <verdant/text/sha512.hpp>

#include "catch.hpp"

#include <limits>
#include <string>

using verdant::python_float_text;
using verdant::sha512_hex;

TEST_CASE("SHA-512 of the examples of FIPS 180-4, and around the ends of blocks", "[text]") {
    CHECK(sha512_hex("abc") == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    CHECK(sha512_hex("") == "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
    CHECK(sha512_hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
          "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909");
    // Of hashlib: all lengths from 0 to 299 of one letter, hashed again as one text.
    std::string all;
    for (std::size_t n = 0; n < 300; ++n) all += sha512_hex(std::string(n, 'x'));
    CHECK(sha512_hex(all) == "ce94d044837edd9352cd4e562ee50d7eadf3b427859f2a3c7785bd8336963a272214fcf15bf3b3d26f0fcd58166403baf87a167bd807a2c07178be4a8a3ef7c9");
    verdant::sha512 pieces;
    pieces.add("a");
    CHECK(pieces.hex() == sha512_hex("a"));
    pieces.add("bc");
    CHECK(pieces.hex() == sha512_hex("abc"));
}

TEST_CASE("floats as Python writes them", "[text]") {
    CHECK(python_float_text(0) == "0.0");
    CHECK(python_float_text(-0.0) == "-0.0");
    CHECK(python_float_text(1) == "1.0");
    CHECK(python_float_text(-2.5) == "-2.5");
    CHECK(python_float_text(0.1) == "0.1");
    CHECK(python_float_text(0.0001) == "0.0001");
    CHECK(python_float_text(0.00001) == "1e-05");
    CHECK(python_float_text(1.5e-7) == "1.5e-07");
    CHECK(python_float_text(1e15) == "1000000000000000.0");
    CHECK(python_float_text(1e16) == "1e+16");
    CHECK(python_float_text(123456789012345678.0) == "1.2345678901234568e+17");
    CHECK(python_float_text(5e-324) == "5e-324");
    CHECK(python_float_text(1.7976931348623157e308) == "1.7976931348623157e+308");
    CHECK(python_float_text(9007199254740993.0) == "9007199254740992.0");
    CHECK(python_float_text(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(python_float_text(-std::numeric_limits<double>::infinity()) == "-inf");
    CHECK(python_float_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
}
