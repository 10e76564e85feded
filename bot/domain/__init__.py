"""What is so: people, groups, activities, points, council, and the rules between them."""
